"""Approvals name exact changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.desired import load_approvals
from reconciler.model.approval import Approval
from reconciler.model.errors import ConfigError
from reconciler.model.place import Origin
from tests.desired.house import build

DIGITS = "0123456789012345"

TEXT = """\
version: 1
approvals:
  - change: 0123456789012345
    account: Brass Building Supplies
    contract: Managed Services
    service: managed-server
    from_units: 12
    to_units: 0
    day: 2026-11-15
    monthly: -704.10
    reason: closed
"""


def test_an_approval_arrives_exactly(tmp_path: Path) -> None:
    (approval,) = load_approvals(build(tmp_path, {"approvals/2026-11.yaml": TEXT}))
    assert approval == Approval(
        DIGITS, "Brass Building Supplies", "Managed Services", "managed-server", 12, 0,
        date(2026, 11, 15), Decimal("-704.10"), "closed",
        Origin("billing-config/approvals/2026-11.yaml", ("approvals", 0)),
    )  # fmt: skip


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {
        "approvals/2026-12.yaml": TEXT.replace(DIGITS, "0" * 16),
        "approvals/2026-11.yaml": TEXT + TEXT.split("approvals:\n")[1].replace(DIGITS, "f" * 16),
    }
    changes = [one.change for one in load_approvals(build(tmp_path, files))]
    assert changes == [DIGITS, "f" * 16, "0" * 16]


def test_without_files_nothing_is_approved(tmp_path: Path) -> None:
    assert load_approvals(build(tmp_path)) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        (DIGITS, f"{DIGITS}6", "CFG003", "3:13"),
        (DIGITS, DIGITS[1:], "CFG003", "3:13"),
        (DIGITS, "7F3A9C21D04E5B68", "CFG003", "3:13"),
        (DIGITS, "the-new-office-of-brass", "CFG003", "3:13"),
        ("monthly: -704.10", "monthly: 7e2", "CFG003", "10:14"),
        ("from_units: 12", "from_units: -1", "CFG003", "7:17"),
        ("    day: 2026-11-15\n", "", "CFG018", "3:5"),
        ("    reason: closed\n", "    reason: closed\n    by: me\n", "CFG002", "12:5"),
    ],
)
def test_a_mistake_approves_nothing(
    tmp_path: Path, old: str, new: str, code: str, place: str
) -> None:
    top = build(tmp_path, {"approvals/2026-11.yaml": TEXT.replace(old, new)})
    with pytest.raises(ConfigError) as raised:
        load_approvals(top)
    (problem,) = raised.value.problems
    assert (problem.code, str(problem.position)) == (
        code, f"billing-config/approvals/2026-11.yaml:{place}",
    )  # fmt: skip
