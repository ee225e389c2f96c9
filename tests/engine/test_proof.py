from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.engine.case import Case, Planned
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.others import TakenOver
from reconciler.engine.proof import (
    Consistent,
    Drifted,
    NeedsWideRead,
    NotYet,
    Solved,
    prove,
)
from reconciler.engine.totals import agree, days_near, expected_totals
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Row
from reconciler.model.ledgered import Agreement, KnownFact
from tests.engine.builders import KEY, START, a_contract, a_row, fact

TODAY = date(2026, 2, 10)
APPEND = Assumptions(line_update="append", negative_units="accepted")
WORKSTATION, SERVER = 100, 101
SERVER_KEY = KEY._replace(service_id=SERVER)
ROW = a_row()
SERVER_ROW = a_row(id=1001, service_id=SERVER, name="Managed Server", price=Decimal("45.00"))
FOREIGN = a_row(id=1009, service_id=109, name="Coffee", price=Decimal("7.00"))


def server(units: int, day: date = START, **values: Any) -> KnownFact:
    return fact(units, day, line=SERVER_KEY, row_id=1001, **values)


def known(rows: Sequence[Row], facts: Sequence[KnownFact], *, agreed: bool = True) -> KnownLine:
    return known_line(rows, facts, agreed=agreed)


def both(workstations: int = 10, servers: int = 2) -> dict[int, KnownLine]:
    return {
        WORKSTATION: known([ROW], [fact(workstations)]),
        SERVER: known([SERVER_ROW], [server(servers)]),
    }


def case(total: str, lines: dict[int, KnownLine] | None = None, **values: Any) -> Case:
    given: dict[str, Any] = {
        "others": (),
        "wide": True,
        "agreement": None,
        "day": TODAY,
        "assume": APPEND,
        "currency": "USD",
    }
    contract = a_contract(total=Decimal(total))
    return Case(contract, both() if lines is None else lines, **{**given, **values})


def agreement(
    total: str = "290", lines: dict[int, KnownLine] | None = None, **more: Any
) -> Agreement:
    proof = prove(case(total, lines, **more), {})
    assert isinstance(proof, Consistent)
    return proof.agreement


NOTHING_PLANNED: Planned = {}


def test_adoption_needs_every_row_of_the_contract() -> None:
    assert prove(case("290", wide=False), NOTHING_PLANNED) == NeedsWideRead()


def test_adoption_takes_what_the_total_holds_beyond_our_lines() -> None:
    found = agreement("325", others=[FOREIGN])
    assert (found.total, found.residual, found.lines) == (
        Decimal(325),
        Decimal(35),
        (WORKSTATION, SERVER),
    )
    assert [mark.row_id for mark in found.others] == [1009]


def test_adoption_solves_the_one_line_nobody_told_about() -> None:
    lines = both() | {SERVER: known([SERVER_ROW], [], agreed=False)}
    proof = prove(case("290", lines), NOTHING_PLANNED)
    assert isinstance(proof, Solved)
    assert (proof.fact.units, proof.fact.source, proof.fact.day) == (2, "solved", START)


@pytest.mark.parametrize(
    "values",
    [
        {"total": "291"},
        {"total": "290", "others": [FOREIGN]},
        {"total": "110"},
    ],
)
def test_a_line_is_not_solved_where_the_total_leaves_no_one_whole_number(
    values: dict[str, Any],
) -> None:
    lines = both() | {SERVER: known([SERVER_ROW], [], agreed=False)}
    total = values.pop("total")
    proof = prove(case(total, lines, **values), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.lines == (WORKSTATION,)


def test_a_line_is_not_solved_where_a_unit_is_worth_less_than_the_total_shows() -> None:
    row = replace(SERVER_ROW, price=Decimal("0.002"))
    lines = both() | {SERVER: known([row], [], agreed=False)}
    proof = prove(case("210.00", lines), NOTHING_PLANNED)
    assert not isinstance(proof, Solved)


def test_two_unknown_lines_are_not_solved() -> None:
    lines = {
        WORKSTATION: known([ROW], [], agreed=False),
        SERVER: known([SERVER_ROW], [], agreed=False),
    }
    assert isinstance(prove(case("290", lines), NOTHING_PLANNED), Consistent)


def test_what_is_as_agreed_is_consistent_without_a_wide_read() -> None:
    proof = prove(case("290", agreement=agreement(), wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.taken_over is None


def test_our_own_writes_since_are_expected() -> None:
    new = a_row(id=1002, date=date(2026, 2, 5))
    lines = both() | {
        WORKSTATION: known([ROW, new], [fact(10), fact(3, new.date, row_id=1002, source="reply")])
    }
    proof = prove(case("350", lines, agreement=agreement(), wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.total == 350


@pytest.mark.parametrize(
    ("currency", "off", "same"),
    [
        ("USD", "0.004", True),
        ("USD", "0.005", False),
        ("KWD", "0.0004", True),
        ("KWD", "0.004", False),
        ("JPY", "0.4", True),
        ("JPY", "0.5", False),
    ],
)
def test_less_than_half_a_minor_unit_of_the_currency_is_nothing(
    currency: str, off: str, same: bool
) -> None:
    total = str(Decimal(290) + Decimal(off))
    proof = prove(case(total, agreement=agreement(), currency=currency), NOTHING_PLANNED)
    assert isinstance(proof, Consistent) is same


def test_a_moved_total_needs_every_row_before_it_is_called_drift() -> None:
    entry = case("310", agreement=agreement(), wide=False)
    assert prove(entry, NOTHING_PLANNED) == NeedsWideRead()
    proof = prove(replace(entry, wide=True), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert proof.difference == 20
    assert proof.edits == ((WORKSTATION, 10, 11),)


def test_every_single_edit_that_would_explain_a_drift_is_listed() -> None:
    proof = prove(case("470", agreement=agreement()), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert proof.edits == ((WORKSTATION, 10, 19), (SERVER, 2, 6))


@pytest.mark.parametrize(
    ("others", "total"),
    [
        ([FOREIGN, a_row(id=1010, service_id=110, price=Decimal("3.00"))], "334"),
        ([], "290"),
        ([replace(FOREIGN, price=Decimal("8.00"))], "330"),
        ([replace(FOREIGN, date=date(2026, 1, 5))], "311"),
    ],
)
def test_rows_that_are_not_ours_are_taken_over_when_they_explain_the_total(
    others: list[Row], total: str
) -> None:
    before = agreement("325", others=[FOREIGN])
    proof = prove(case(total, agreement=before, others=others), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.taken_over is not None
    assert len(proof.taken_over.rows) == 1
    assert proof.taken_over.moved == Decimal(total) - 325


def test_rows_that_are_not_ours_cannot_explain_a_total_their_prices_do_not_make() -> None:
    before = agreement("325", others=[FOREIGN])
    more = a_row(id=1010, service_id=110, price=Decimal("3.00"))
    proof = prove(case("327", agreement=before, others=[FOREIGN, more]), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)


def test_a_line_that_leaves_the_configuration_moves_into_the_rest() -> None:
    before = agreement()
    lines = {WORKSTATION: both()[WORKSTATION]}
    left = {SERVER: both()[SERVER]}
    proof = prove(case("290", lines, agreement=before, left=left, wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.residual == 90
    assert proof.taken_over is None


def test_a_total_that_moves_while_a_line_leaves_stays_drift() -> None:
    lines = {WORKSTATION: both()[WORKSTATION]}
    left = {SERVER: both()[SERVER]}
    entry = case("245", lines, agreement=agreement(), left=left, wide=False)
    assert prove(entry, NOTHING_PLANNED) == NeedsWideRead()
    proof = prove(replace(entry, wide=True, others=[SERVER_ROW]), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert proof.difference == -45


def test_a_line_that_leaves_with_its_row_is_taken_over() -> None:
    lines = {WORKSTATION: both()[WORKSTATION]}
    left = {SERVER: both()[SERVER]}
    proof = prove(case("200", lines, agreement=agreement(), left=left), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.taken_over == TakenOver((f"row {SERVER_ROW.id} is gone",), Decimal(-90))


def test_of_several_changed_rows_nobody_can_tell_which() -> None:
    before = agreement("325", others=[FOREIGN])
    more = [
        FOREIGN,
        a_row(id=1010, service_id=110, price=Decimal("3.00")),
        a_row(id=1011, service_id=110, price=Decimal("2.00")),
    ]
    assert isinstance(prove(case("330", agreement=before, others=more), NOTHING_PLANNED), Drifted)
    assert isinstance(
        prove(case("325", agreement=before, others=more), NOTHING_PLANNED), Consistent
    )


@pytest.mark.parametrize("total", ["322", "35325"])
def test_an_added_row_explains_neither_a_fall_nor_more_units_than_are_likely(total: str) -> None:
    before = agreement("325", others=[FOREIGN])
    more = a_row(id=1010, service_id=110, price=Decimal("3.00"))
    proof = prove(case(total, agreement=before, others=[FOREIGN, more]), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)


def test_a_line_that_becomes_ours_is_taken_out_of_the_rest() -> None:
    lines = {WORKSTATION: both()[WORKSTATION]}
    before = agreement("290", lines, others=[SERVER_ROW])
    assert before.residual == 90
    proof = prove(case("290", agreement=before, wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.residual == 0


def test_around_a_steps_day_either_side_is_accepted() -> None:
    tomorrow = date(2026, 2, 11)
    lines = both() | {
        WORKSTATION: known(
            [ROW, a_row(id=1002, date=tomorrow)], [fact(10), fact(3, tomorrow, row_id=1002)]
        )
    }
    entry = case("290", lines, agreement=agreement(), wide=False)
    assert set(expected_totals(entry)) == {290, 350}
    assert isinstance(prove(entry, NOTHING_PLANNED), Consistent)


STEPPED = {
    WORKSTATION: known(
        [ROW, a_row(id=1002, date=TODAY)],
        [fact(10), fact(-2, TODAY, row_id=1002, source="reply")],
    ),
    SERVER: both()[SERVER],
}
"""Two workstations end today."""


@pytest.mark.parametrize("total", ["325", "285"])
def test_around_a_steps_day_the_rest_stays_what_it_was(total: str) -> None:
    before = agreement("325", others=[FOREIGN])
    proof = prove(case(total, STEPPED, agreement=before, wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.residual == before.residual == 35
    later = case("285", STEPPED, agreement=proof.agreement, wide=False, day=date(2026, 2, 12))
    assert isinstance(prove(later, NOTHING_PLANNED), Consistent)


def test_once_the_total_held_a_step_of_today_it_is_expected_to() -> None:
    before = agreement("325", others=[FOREIGN])
    for total, then in (("285", Drifted), ("325", Consistent)):
        first = prove(case(total, STEPPED, agreement=before, wide=False), NOTHING_PLANNED)
        assert isinstance(first, Consistent)
        other = "325" if total == "285" else "285"
        entry = case(other, STEPPED, agreement=first.agreement, others=[FOREIGN])
        assert isinstance(prove(entry, NOTHING_PLANNED), then)
        same = case(total, STEPPED, agreement=first.agreement, wide=False)
        assert isinstance(prove(same, NOTHING_PLANNED), Consistent)


def test_what_a_total_held_is_told_by_the_lines_that_it_was_agreed_with() -> None:
    """The servers become ours after it."""
    mine = {WORKSTATION: both()[WORKSTATION]}
    before = agreement("290", mine, others=[SERVER_ROW])
    stepped = {WORKSTATION: STEPPED[WORKSTATION]}
    first = prove(case("250", stepped, agreement=before, wide=False), NOTHING_PLANNED)
    assert isinstance(first, Consistent)
    for total, then in (("250", Consistent), ("290", Drifted)):
        proof = prove(case(total, STEPPED, agreement=first.agreement), NOTHING_PLANNED)
        assert isinstance(proof, then)


def test_a_step_of_tomorrow_that_the_total_holds_already_stays_in_it() -> None:
    before = agreement("325", others=[FOREIGN], day=date(2026, 2, 9))
    eve = date(2026, 2, 9)
    first = prove(case("285", STEPPED, agreement=before, wide=False, day=eve), NOTHING_PLANNED)
    assert isinstance(first, Consistent)
    for day in (eve, TODAY):
        entry = case("325", STEPPED, agreement=first.agreement, others=[FOREIGN], day=day)
        assert isinstance(prove(entry, NOTHING_PLANNED), Drifted)


@pytest.mark.parametrize(("since", "days"), [(-1, 1), (0, 3), (1, 3), (2, 1)])
def test_only_a_step_of_today_or_tomorrow_makes_bms_own_day_matter(since: int, days: int) -> None:
    day = TODAY + timedelta(since)
    lines = {WORKSTATION: known([ROW], [fact(10), fact(3, day, row_id=None)])}
    assert len(days_near(case("290", lines), lines)) == days


def test_an_edit_worth_as_much_as_a_step_is_found_once_the_steps_day_is_over() -> None:
    before = agreement("325", others=[FOREIGN])
    proof = prove(case("325", STEPPED, agreement=before, wide=False), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    later = case(
        "325",
        STEPPED,
        agreement=proof.agreement,
        others=[FOREIGN],
        day=date(2026, 2, 12),
    )
    found = prove(later, NOTHING_PLANNED)
    assert isinstance(found, Drifted)
    assert found.edits == ((WORKSTATION, 8, 10),)


def test_what_bms_rounds_does_not_add_up() -> None:
    before = agreement()
    for _ in range(9):
        proof = prove(case("290.004", agreement=before), NOTHING_PLANNED)
        assert isinstance(proof, Consistent)
        before = proof.agreement
    assert before.residual == 0


def test_a_contract_with_other_rows_is_not_adopted_around_a_steps_day() -> None:
    entry = case("325", STEPPED, others=[FOREIGN])
    assert prove(entry, NOTHING_PLANNED) == NotYet()
    proof = prove(replace(entry, day=date(2026, 2, 11)), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)


@pytest.mark.parametrize("total", ["290", "250"])
def test_a_contract_without_other_rows_closes_on_one_side_of_the_step(total: str) -> None:
    proof = prove(case(total, STEPPED), NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.residual == 0


def test_a_line_that_leaves_around_its_step_is_counted_on_until_it_is_over() -> None:
    left = {WORKSTATION: STEPPED[WORKSTATION]}
    lines = {SERVER: both()[SERVER]}
    entry = case("290", lines, agreement=agreement(), left=left, wide=False)
    proof = prove(entry, NOTHING_PLANNED)
    assert isinstance(proof, Consistent)
    assert proof.agreement.lines == (WORKSTATION, SERVER)
    later = replace(entry, agreement=proof.agreement, day=date(2026, 2, 11))
    after = prove(replace(later, contract=a_contract(total=Decimal(250))), NOTHING_PLANNED)
    assert isinstance(after, Consistent)
    assert (after.agreement.lines, after.agreement.residual) == ((SERVER,), Decimal(160))


def test_where_every_row_counts_a_step_to_come_counts_today() -> None:
    tomorrow = date(2026, 2, 11)
    lines = both() | {
        WORKSTATION: known(
            [ROW, a_row(id=1002, date=tomorrow)], [fact(10), fact(3, tomorrow, row_id=1002)]
        )
    }
    entry = case("350", lines, agreement=agreement(), assume=replace(APPEND, total_price="all"))
    assert expected_totals(entry) == (Decimal(350),)


@given(
    st.sampled_from(["units", "price-and-units", "date", "gone", "added"]),
    st.integers(-2, 30).filter(bool),
    st.booleans(),
)
def test_a_single_edit_by_hand_is_always_found(kind: str, moved: int, on_server: bool) -> None:
    service, row = (SERVER, SERVER_ROW) if on_server else (WORKSTATION, ROW)
    before = agreement()
    rows, total = [row], Decimal(290)
    match kind:
        case "units":
            total += moved * row.price
        case "price-and-units":
            rows = [replace(row, price=row.price + 1)]
            total += moved * rows[0].price + (2 if on_server else 10)
        case "date":
            rows = [replace(row, date=date(2026, 1, 20))]
        case "gone":
            rows, total = [], total - (90 if on_server else 200)
        case _:
            rows = [row, replace(row, id=1050, date=date(2026, 1, 20))]
            total += moved * row.price
    facts = [server(2)] if on_server else [fact(10)]
    lines = both() | {service: known(rows, facts)}
    assume(total >= 0)
    proof = prove(case(str(total), lines, agreement=before), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)


def test_agreeing_anew_keeps_rows_that_were_not_read_this_time() -> None:
    before = agreement("325", others=[FOREIGN])
    again = agree(case("325", agreement=before, wide=False))
    assert again.others == before.others


def test_a_new_line_of_ours_that_a_person_added_is_solved() -> None:
    lines = {WORKSTATION: both()[WORKSTATION], SERVER: known([], [], agreed=False)}
    before = agreement("200", lines)
    lines[SERVER] = known([SERVER_ROW], [], agreed=False)
    entry = case("335", lines, agreement=before)
    assert prove(replace(entry, wide=False), NOTHING_PLANNED) == NeedsWideRead()
    proof = prove(entry, NOTHING_PLANNED)
    assert isinstance(proof, Solved)
    assert proof.fact.units == 3


def test_a_new_line_of_ours_is_not_solved_beside_a_new_row_of_others() -> None:
    lines = {WORKSTATION: both()[WORKSTATION], SERVER: known([], [], agreed=False)}
    before = agreement("200", lines)
    lines[SERVER] = known([SERVER_ROW], [], agreed=False)
    other = replace(FOREIGN, price=Decimal("45.00"))
    proof = prove(case("335", lines, agreement=before, others=[other]), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)


@pytest.mark.parametrize(
    ("price", "total"), [("0.01", "80.01"), ("0.50", "20.50"), ("10.00", "50.00"), ("7.00", "707")]
)
def test_a_cheap_row_of_others_does_not_hide_an_edit_of_a_line_of_ours(
    price: str, total: str
) -> None:
    """One unit of the row, or a few, and an edit of ours are as simple as many units of it."""
    other = replace(FOREIGN, price=Decimal(price))
    off = Decimal(total)
    entry = case(str(290 + off), agreement=agreement(), others=[other])
    proof = prove(entry, NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert proof.others == ("Coffee was added",)
    assert bool(proof.edits) is (price != "7.00")


@given(
    st.sampled_from(["0.01", "0.50", "5.00", "7.00", "12.50", "20.00", "45.00", "130.00"]),
    st.integers(0, 120),
    st.sampled_from([WORKSTATION, SERVER]),
    st.integers(-2, 9).filter(bool),
)
def test_an_edit_of_ours_beside_a_new_row_is_taken_for_the_row_only_where_that_is_simpler(
    price: str, units: int, service: int, moved: int
) -> None:
    other = replace(FOREIGN, price=Decimal(price))
    off = units * other.price + moved * (ROW if service == WORKSTATION else SERVER_ROW).price
    assume(off)  # A total that did not move tells nothing.
    proof = prove(case(str(290 + off), agreement=agreement(), others=[other]), NOTHING_PLANNED)
    if isinstance(proof, Consistent):
        assert proof.taken_over is not None
        assert proof.taken_over.moved == off
        assert off == 0 or 1 <= off / other.price < units + abs(moved)
    else:
        assert isinstance(proof, Drifted)


@pytest.mark.parametrize("total", ["290", "297"])
def test_a_row_of_others_whose_day_comes_is_no_drift(total: str) -> None:
    coming = replace(FOREIGN, date=date(2026, 2, 12))
    before = agreement("290", others=[coming])
    for day in (11, 12, 13):
        entry = case(
            "290" if day == 11 else "297" if day == 13 else total,
            agreement=before,
            others=[coming],
            day=date(2026, 2, day),
        )
        proof = prove(entry, NOTHING_PLANNED)
        assert isinstance(proof, Consistent)
        before = proof.agreement
    assert before.residual == 7


def test_a_row_of_others_whose_day_came_explains_nothing_any_more() -> None:
    before = agreement("297", others=[replace(FOREIGN, date=date(2026, 2, 5))])
    entry = case("304", agreement=before, others=[replace(FOREIGN, date=date(2026, 2, 5))])
    assert isinstance(prove(entry, NOTHING_PLANNED), Drifted)


def test_a_row_of_others_that_is_dated_later_explains_nothing_today() -> None:
    coming = replace(FOREIGN, date=date(2026, 2, 12))
    entry = case("297", agreement=agreement(), others=[coming])
    assert isinstance(prove(entry, NOTHING_PLANNED), Drifted)


def test_a_row_of_others_that_only_moved_proves_nothing_that_an_edit_of_ours_explains() -> None:
    other = replace(FOREIGN, price=Decimal("300.00"))
    before = agreement("590", others=[other])
    moved = replace(other, date=date(2026, 1, 5))
    proof = prove(case("890", agreement=before, others=[moved]), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert (WORKSTATION, 10, 25) in proof.edits


def test_a_row_of_others_that_is_gone_takes_no_part_of_ours_with_it() -> None:
    """Seven units are gone, and one workstation more: three units gone would explain it too."""
    other = replace(FOREIGN, price=Decimal("5.00"))
    proof = prove(case("310", agreement=agreement("325", others=[other])), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert proof.edits == ((WORKSTATION, 10, 11),)
    assert proof.alone == ("3 of row 1009",)


@pytest.mark.parametrize(
    ("price", "ours", "taken"), [("7.00", "3.00", True), ("5.00", "4.00", False)]
)
def test_a_new_row_is_told_from_an_edit_beside_it_by_how_many_units_that_takes(
    price: str, ours: str, taken: bool
) -> None:
    """One unit of the row, or four and seven of ours less; one, or five and five of ours less."""
    row = replace(ROW, price=Decimal(ours))
    lines = {WORKSTATION: known([row], [fact(10)])}
    others = [replace(FOREIGN, price=Decimal(price))]
    total = str(10 * row.price + Decimal(price))
    agreed = agreement(str(10 * row.price), lines)
    proof = prove(case(total, lines, agreement=agreed, others=others), NOTHING_PLANNED)
    assert isinstance(proof, Consistent if taken else Drifted)


def test_more_units_of_a_new_row_beside_an_edit_of_ours_are_no_fewer_units_of_it() -> None:
    """Three firewalls at 10.00 and one workstation less, or one firewall."""
    others = [replace(FOREIGN, price=Decimal("10.00"))]
    proof = prove(case("300", agreement=agreement(), others=others), NOTHING_PLANNED)
    assert isinstance(proof, Drifted)
    assert (WORKSTATION, 10, 9) in proof.edits
    assert proof.alone == ("1 of Coffee",)


@pytest.mark.parametrize("beside", ["ours", "others"])
def test_a_new_line_of_ours_is_not_solved_where_an_edit_beside_it_is_likely(beside: str) -> None:
    """Three of it, or five and two of another row less."""
    row = replace(SERVER_ROW, price=Decimal("20.00"))
    others = [replace(FOREIGN, price=Decimal("20.00"))] if beside == "others" else [FOREIGN]
    mine = replace(ROW, price=Decimal("20.00" if beside == "ours" else "33.33"))
    lines = {WORKSTATION: known([mine], [fact(10)]), SERVER: known([], [], agreed=False)}
    worth = 10 * mine.price + 40
    before = agreement(str(worth), lines, others=others)
    lines[SERVER] = known([row], [], agreed=False)
    entry = case(str(worth + 60), lines, agreement=before, others=others)
    proof = prove(entry, NOTHING_PLANNED)
    assert not isinstance(proof, Solved)
    assert isinstance(proof, Drifted) is (beside == "ours")
