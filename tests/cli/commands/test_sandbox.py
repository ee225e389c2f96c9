from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reconciler.sandbox import FAULT_EFFECTS, FAULT_KINDS
from tests.cli.bad import told
from tests.cli.shop import BRASS, Shop


def test_rows_are_what_a_person_sees(shop: Shop) -> None:
    shown = shop("sandbox", "rows", BRASS)
    assert f"{BRASS}: Protected Endpoint, 10 from 2026-01-01" in shown.out
    assert "Cobalt" not in shown.out


def test_rows_of_an_account_that_is_not_there(shop: Shop) -> None:
    told(shop("sandbox", "rows", "Nobody"), 2, "no line of 'Nobody'", "account", BRASS)


def test_the_clock_is_shown_and_set(shop: Shop) -> None:
    assert shop("sandbox", "clock").out.startswith("2026-11-23T")
    assert shop("sandbox", "clock", "2026-12-01").out.startswith("2026-12-01T")
    assert shop.sandbox.today().isoformat() == "2026-12-01"


def test_a_fault_is_armed_listed_and_cleared(shop: Shop) -> None:
    assert "http-500-before" in shop("sandbox", "fault", "http-500-before", "--times", "2").out
    assert "http-500-before" in shop("sandbox", "fault").out
    assert shop("sandbox", "fault", "--clear").out == ""


def test_an_unknown_fault_lists_those_there_are(shop: Shop) -> None:
    shown = shop("sandbox", "fault", "earthquake")
    assert shown.code == 2
    assert "lose-answer-after-write" in shown.err


def test_help_says_what_each_fault_does(shop: Shop) -> None:
    told_kinds = shop("sandbox", "fault", "--help").out
    for kind, effect in FAULT_EFFECTS.items():
        assert f"{kind:<26}{effect}\n" in told_kinds
    assert set(FAULT_EFFECTS) == set(FAULT_KINDS)


def test_editing_a_row_that_is_not_there(shop: Shop) -> None:
    told(shop("sandbox", "edit", "1", "5"), 2, "no line 1", "", "reconciler sandbox rows")


@pytest.mark.parametrize(
    "arguments",
    [
        ("edit", "90025", "99999999999999999999"),
        ("edit", "99999999999999999999", "5"),
        ("reset", "--file", "x.db", "--today", "9999-12-31"),
        ("reset", "--file", "x.db", "--today", "0001-01-01"),
        ("clock", "9999-12-31"),
        ("usage", "files", "--until", "0001-01-01"),
        ("usage", "files", "--days", "99999999"),
        ("serve", "--port", "99999"),
        ("serve", "--port", "-1"),
        ("fault", "slow", "--times", "0"),
        ("fault", "slow", "--after", "-1"),
    ],
    ids=" ".join,
)
def test_numbers_and_days_out_of_range_are_wrong_usage(
    shop: Shop, arguments: tuple[str, ...]
) -> None:
    shown = shop("sandbox", *arguments)
    assert shown.code == 2
    assert "Invalid value" in shown.err
    assert not (shop.folder / "x.db").exists()


@pytest.mark.parametrize("today", ["2000-01-01", "2199-12-31"])
def test_a_sandbox_can_be_made_for_the_first_and_the_last_day(shop: Shop, today: str) -> None:
    assert shop("sandbox", "reset", "--file", "x.db", "--today", today).code == 0
    assert shop("sandbox", "usage", "files", "--days", "2", "--file", "x.db").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("reset", "--file", "taken/x.db"),
        ("reset", "--file", "taken/deeper/x.db"),
        ("usage", "taken/files"),
        ("usage", "taken"),
        ("baseline", "taken/units.csv"),
        ("baseline", "."),
    ],
    ids=" ".join,
)
def test_a_place_that_cannot_be_written_is_named(shop: Shop, arguments: tuple[str, ...]) -> None:
    (shop.folder / "taken").write_text("a file, and no folder", encoding="utf-8")
    told(shop("sandbox", *arguments), 1, "it cannot be written", arguments[-1], "check the path")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_disk_without_room_is_named(shop: Shop) -> None:
    told(
        shop("sandbox", "baseline", "/dev/full"),
        1, "No space left", "/dev/full", "the room that is left",
    )  # fmt: skip


def test_a_port_that_is_taken_is_told(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        shown = shop("sandbox", "serve", "--port", str(port))
    told(shown, 1, "it cannot be served", f"127.0.0.1:{port}", "take another with --port")


def test_a_new_sandbox_and_its_usage(shop: Shop) -> None:
    made = shop("sandbox", "reset", "--file", "new/sandbox.db", "--today", "2026-11-20")
    assert made.code == 0
    assert "62 customers on 2026-11-20" in made.err
    done = shop("sandbox", "usage", "files", "--days", "2", "--file", "new/sandbox.db")
    assert done.code == 0
    assert "up to 2026-11-19" in done.err
    assert len(list((shop.folder / "files").glob("*.csv"))) == 24


def test_an_unknown_side_of_an_assumption(shop: Shop) -> None:
    shown = shop("sandbox", "reset", "--file", "x.db", "--assume", "line_update=sideways")
    told(shown, 2, "line_update cannot be 'sideways'", "", "one of: append, upsert")
    shown = shop("sandbox", "reset", "--file", "x.db", "--assume", "nope=1")
    told(shown, 2, "no behaviour is called 'nope'", "", "hourly_limit, job_polls")
    assert shop("sandbox", "reset", "--file", "x.db", "--assume", "sideways").code == 2


def test_serve_prints_exports_answers_and_ends_on_an_interrupt(shop: Shop) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "reconciler", "sandbox", "serve", "--port", "0"],
        cwd=shop.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    exports = [process.stdout.readline() for _ in range(3)]
    assert [re.sub("=.*\n", "", line) for line in exports] == [
        "export RECONCILER_BMS_URL", "export BMS_USERNAME", "export BMS_PASSWORD",
    ]  # fmt: skip
    url = exports[0].split('"')[1]
    try:
        answer = httpx.get(f"{url}/v2/finance/contracts/summary")
    finally:
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=20)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    assert "Traceback" not in complaint
    assert process.returncode in (0, 130)
