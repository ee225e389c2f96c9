from __future__ import annotations

import json
import resource
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.ledger import open_ledger
from tests.cli.bad import told
from tests.cli.shop import Shop

LEDGER = Path(".reconciler") / "ledger.db"


@pytest.fixture
def closed_port() -> int:
    """Nobody listens there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_bms_that_cannot_be_reached(
    shop: Shop, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECONCILER_BMS_URL", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setattr("time.sleep", lambda _: None)
    shown = shop("plan")
    where = f"127.0.0.1:{closed_port}"
    told(shown, 1, "BMS cannot be reached: nothing listens there", where, "RECONCILER_BMS_URL")
    assert "nothing was sent" in shown.err


def test_wrong_credentials_are_told_without_repeating_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BMS_PASSWORD", "hunter2-wrong")
    shown = shop("plan")
    told(shown, 1, "BMS does not accept the login", "/v2/security/authenticate", "password")
    assert "hunter2" not in shown.err + shown.out


def test_a_ledger_that_another_run_holds(shop: Shop) -> None:
    def noon() -> datetime:
        return datetime(2026, 11, 23, 17, tzinfo=UTC)

    with (
        open_ledger(LEDGER, tenant="Example MSP") as ledger,
        ledger.lease("the nightly run", timedelta(hours=1), noon),
    ):
        told(shop("apply", "--yes"), 1, "the nightly run", str(LEDGER), "")


def test_a_file_that_is_no_ledger(shop: Shop) -> None:
    (shop.folder / "text.db").write_text("not a database at all\n" * 100, encoding="utf-8")
    told(shop("plan", "--ledger", "text.db"), 1, "", "text.db", "--ledger")


def test_a_database_of_something_else(shop: Shop) -> None:
    with sqlite3.connect(shop.folder / "other.db") as other:
        other.execute("CREATE TABLE customers (name TEXT)")
    other.close()
    told(shop("plan", "--ledger", "other.db"), 1, "not a ledger", "other.db", "--ledger")


def test_a_ledger_of_a_newer_program(shop: Shop) -> None:
    with sqlite3.connect(LEDGER) as ledger:
        columns = [row[1] for row in ledger.execute("PRAGMA table_info(ledger_format)")]
        newest = dict(
            zip(
                columns,
                ledger.execute(
                    "SELECT * FROM ledger_format ORDER BY version DESC LIMIT 1"
                ).fetchone(),
                strict=True,
            )
        )
        newest["version"] = 999
        marks = ", ".join("?" for _ in newest)
        ledger.execute(
            f"INSERT INTO ledger_format ({', '.join(newest)}) VALUES ({marks})",
            tuple(newest.values()),
        )
    ledger.close()
    told(shop("plan"), 1, "the ledger has format 999", str(LEDGER), "use the newer program")


def test_a_ledger_of_another_tenant(shop: Shop) -> None:
    shop.edit("billing.yaml", "tenant: Example MSP", "tenant: Other MSP")
    told(shop("plan"), 1, "Example MSP", str(LEDGER), "--ledger")


def test_a_ledger_that_is_not_there_is_not_made_by_looking(shop: Shop) -> None:
    told(shop("history", "--ledger", "none.db"), 1, "ledger", "none.db", "")
    assert not (shop.folder / "none.db").exists()


def test_offline_before_bms_was_ever_read(new_shop: Shop) -> None:
    new_shop("usage", "pull")
    told(
        new_shop("plan", "--offline"),
        1, "BMS was never read", str(LEDGER), "`reconciler plan` once without --offline",
    )  # fmt: skip


PLANS = {
    "missing": (None, "cannot be read"),
    "not JSON": ("{", "not a plan"),
    "a list": ("[]", "holds no JSON object"),
    "no version": ("{}", "`format_version`"),
    "a bare number": ('{"format_version": 99}', "the plan has format 99.0"),
    "a word": ('{"format_version": true}', "`format_version` cannot be True"),
    "another version": ('{"format_version": "99.0"}', "the plan has format 99.0"),
    "half a plan": ('{"format_version": "1.0"}', "not a plan"),
}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize(
    "command", [("apply", "plan.json"), ("approve", "--plan", "plan.json", "--reason", "x")]
)
def test_a_file_that_is_no_plan(shop: Shop, plan: str, command: tuple[str, ...]) -> None:
    text, what = PLANS[plan]
    if text is not None:
        (shop.folder / "plan.json").write_text(text, encoding="utf-8")
    told(shop(*command), 1, what, "plan.json", "")


@pytest.mark.parametrize(("field", "value"), [("tenant", "Other MSP"), ("ledger", "another")])
def test_a_plan_of_another_tenant_or_ledger(shop: Shop, field: str, value: str) -> None:
    shop("plan", "--out", "plan.json")
    path = shop.folder / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**document, field: value}), encoding="utf-8")
    before = shop.sandbox.ui.read_units()
    shown = shop("apply", "plan.json", "--yes")
    told(shown, 1, "the plan was made for", "plan", "make a plan with this configuration")
    assert shop.sandbox.ui.read_units() == before


def test_a_plan_that_cannot_be_saved(shop: Shop) -> None:
    (shop.folder / "file").write_text("", encoding="utf-8")
    shown = shop("plan", "--out", "file/plan.json")
    told(shown, 1, "cannot be written", "file/plan.json", "check the path and its permissions")


def test_a_full_disk(shop: Shop) -> None:
    """No file may grow past a few kilobytes, as where nothing is left of the disk."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "usage", "pull", "--ledger", "new.db"],
        cwd=shop.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=small,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "error: " in done.stderr
    assert "new.db" in done.stderr
    assert "what to do:" in done.stderr


def test_no_sandbox(shop: Shop) -> None:
    told(
        shop("sandbox", "rows", "--file", "none.db"),
        1, "there is no sandbox", "none.db", "reconciler sandbox reset",
    )  # fmt: skip
