from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reconciler.cli.failures import guarded
from reconciler.ledger import open_ledger

HOLDING = """
import sys, time
from datetime import UTC, datetime, timedelta
from reconciler.cli.failures import guarded
from reconciler.ledger import open_ledger

def work():
    with open_ledger("ledger.db", tenant="Example MSP") as ledger:
        with ledger.lease("a run", timedelta(hours=1), lambda: datetime.now(UTC)):
            print("ready", flush=True)
            time.sleep(60)

sys.exit(guarded(work))
"""


def test_a_request_to_end_releases_the_lease_and_ends_with_143(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (143, "terminated\n")
    with (
        open_ledger(tmp_path / "ledger.db", tenant="Example MSP") as ledger,
        ledger.lease("the next run", timedelta(minutes=1), lambda: datetime.now(UTC)) as lease,
    ):
        lease.renew()


def test_what_was_set_before_is_set_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    guarded(lambda: 0)
    assert signal.getsignal(signal.SIGTERM) == before
