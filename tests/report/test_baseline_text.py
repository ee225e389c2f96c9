"""What a billing lead reads after an import."""

from __future__ import annotations

from decimal import Decimal

from syrupy.assertion import SnapshotAssertion

from reconciler.model.baseline import Edit, Imported, LeftOut, TooMuch, Unexplained
from reconciler.report import baseline_text

BRASS = LeftOut(
    contract_id=5001,
    contract="Managed Services",
    account="Brass Building Supplies",
    rows=35,
    difference=Decimal("38.00"),
    slip=Edit("Managed Workstation", 80, 81, 2),
)
COBALT = LeftOut(
    5004, "Managed Services", "Cobalt Communications Inc.", 1, Decimal("-1.50"), Unexplained()
)
DUNE = LeftOut(5007, "Hosting", "Dune Freight", 2, Decimal("-40.00"), TooMuch())


def told(done: Imported) -> str:
    return "\n".join(baseline_text.lines(done, "USD"))


def test_a_file_that_was_taken_says_what_went_where(snapshot: SnapshotAssertion) -> None:
    assert told(Imported(taken=376, corrected=1, known_already=1, not_managed=1130)) == snapshot


def test_contracts_that_no_total_proves_are_named(snapshot: SnapshotAssertion) -> None:
    names = [f"Managed Services of {name}" for name in ("Brass", "Cobalt", "Dune", "Elm", "Fir")]
    assert told(Imported(2, 0, 0, 0, unproved=tuple(names[:1]))) == snapshot
    assert told(Imported(9, 0, 0, 0, unproved=tuple(names))) == snapshot


def test_contracts_left_out_are_named_with_the_likeliest_slip(snapshot: SnapshotAssertion) -> None:
    assert told(Imported(0, 0, 0, 0, (BRASS,))) == snapshot
    assert told(Imported(12, 0, 0, 0, (BRASS, COBALT))) == snapshot


def test_units_worth_more_than_the_total_say_by_how_much(snapshot: SnapshotAssertion) -> None:
    assert told(Imported(0, 0, 0, 0, (DUNE,))) == snapshot
