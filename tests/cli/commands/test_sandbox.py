from __future__ import annotations

import re
import signal
import subprocess
import sys

import httpx

from tests.cli.bad import told
from tests.cli.shop import BRASS, Shop


def test_rows_are_what_a_person_sees(shop: Shop) -> None:
    shown = shop("sandbox", "rows", BRASS)
    assert f"{BRASS}: Protected Endpoint, 10 from 2026-01-01" in shown.out
    assert "Cobalt" not in shown.out


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


def test_editing_a_row_that_is_not_there(shop: Shop) -> None:
    told(shop("sandbox", "edit", "1", "5"), 1, "no line 1", "", "reconciler sandbox rows")


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
    assert shown.code != 0
    assert "Traceback" not in shown.err
    assert "line_update" in shown.err
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
