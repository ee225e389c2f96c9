from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from reconciler.engine.diff import ByHand, Post
from reconciler.engine.hand import DoneByHand
from reconciler.engine.proof import Consistent, Drifted, NeedsWideRead, prove
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Row
from tests.engine.builders import a_row, fact
from tests.engine.test_proof import (
    APPEND,
    ROW,
    SERVER,
    SERVER_ROW,
    WORKSTATION,
    agreement,
    both,
    case,
    known,
    server,
)

FIFTH, NINTH = date(2026, 2, 5), date(2026, 2, 9)
FIREWALL = a_row(id=1010, service_id=110, name="Firewall", price=Decimal("40.00"))
UPSERT = Assumptions(line_update="upsert", negative_units="accepted")


def test_a_planned_step_that_makes_up_the_difference_counts_as_done() -> None:
    entry = case("250", agreement=agreement())
    proof = prove(entry, {WORKSTATION: [ByHand(FIFTH, 10, 8)]})
    assert isinstance(proof, DoneByHand)
    (found,) = proof.facts
    assert (found.units, found.day, found.row_id) == (-2, FIFTH, None)
    assert (found.effect, found.source) == ("add", "hand")


@pytest.mark.parametrize("rows", [[ROW], [ROW, a_row(id=1002, date=FIFTH)]], ids=["", "shown"])
def test_no_step_is_done_before_every_row_was_read(rows: list[Row]) -> None:
    lines = both() | {WORKSTATION: known(rows, [fact(10)])}
    entry = case("330", lines, agreement=agreement(), wide=False)
    planned = {WORKSTATION: [Post(FIFTH, 10, 12, 2)]}
    assert prove(entry, planned) == NeedsWideRead()
    assert isinstance(prove(replace(entry, wide=True), planned), DoneByHand)


@pytest.mark.parametrize(
    "other", [FIREWALL, replace(FIREWALL, price=Decimal("20.00"))], ids=["one", "two"]
)
def test_a_row_of_others_worth_as_much_as_a_step_is_not_the_step(other: Row) -> None:
    """The row may be all of it, or the step, or two of ours and less of the row: a person tells."""
    entry = case("330", agreement=agreement(), others=[other])
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]})
    assert isinstance(proof, Drifted)
    assert proof.alone == (f"{1 if other is FIREWALL else 2} of Firewall",)


STRANGER = a_row(id=1011, service_id=111, name="Phone", price=Decimal("8.00"))
NOT_TOLD = known([replace(SERVER_ROW, price=Decimal("10.00"))], [], agreed=False)


@pytest.mark.parametrize(
    ("step", "moved"), [((10, 12), "+5 of Phone"), ((10, 8), "-5 of Phone")], ids=["more", "less"]
)
@pytest.mark.parametrize("assume", [APPEND, UPSERT], ids=["append", "upsert"])
def test_an_edit_of_a_row_of_others_worth_as_much_as_a_step_is_not_the_step(
    step: tuple[int, int], moved: str, assume: Assumptions
) -> None:
    before, after = step
    agreed = agreement("337", others=[STRANGER], assume=assume)
    total = str(337 + (after - before) * 20)
    entry = case(total, agreement=agreed, others=[STRANGER], assume=assume)
    posts = after if assume is UPSERT else after - before
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, before, after, posts)]})
    assert isinstance(proof, Drifted)
    assert proof.alone == (moved,)


def test_an_edit_of_a_line_nobody_told_about_is_not_the_step() -> None:
    lines = {WORKSTATION: both()[WORKSTATION], SERVER: NOT_TOLD}
    other = a_row(id=1012, service_id=112, price=Decimal("13.00"))
    agreed = agreement("337", lines, others=[other])
    entry = case("377", lines, agreement=agreed, others=[other])
    assert isinstance(prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]}), Drifted)


def test_an_edit_of_a_line_that_left_the_configuration_is_not_the_step() -> None:
    agreed = agreement()
    left = {SERVER: both()[SERVER]}
    row = replace(SERVER_ROW, price=Decimal("45.00"))
    entry = case(
        "470", {WORKSTATION: both()[WORKSTATION]}, agreement=agreed, left=left, others=[row]
    )
    assert isinstance(prove(entry, {WORKSTATION: [Post(FIFTH, 10, 19, 9)]}), Drifted)


@pytest.mark.parametrize("total_price", ["effective", "all"])
def test_a_row_that_does_not_count_yet_is_no_other_explanation(
    total_price: Literal["effective", "all"],
) -> None:
    assume = replace(APPEND, total_price=total_price)
    coming = replace(STRANGER, date=date(2026, 2, 12))
    agreed = agreement("337", others=[coming], assume=assume)
    entry = case("377", agreement=agreed, others=[coming], assume=assume)
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]})
    assert isinstance(proof, DoneByHand if total_price == "effective" else Drifted)


def test_an_edit_of_another_line_worth_as_much_as_a_step_is_not_the_step() -> None:
    planned = {WORKSTATION: [Post(FIFTH, 10, 19, 9)]}
    proof = prove(case("470", agreement=agreement()), planned)
    assert isinstance(proof, Drifted)
    assert proof.edits == ((WORKSTATION, 10, 19), (SERVER, 2, 6))


def test_a_row_on_the_steps_day_tells_it_from_an_edit_of_another_line() -> None:
    lines = both() | {WORKSTATION: known([ROW, a_row(id=1002, date=FIFTH)], [fact(10)])}
    entry = case("470", lines, agreement=agreement())
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 19, 9)]})
    assert isinstance(proof, DoneByHand)
    assert (proof.facts[0].row_id, proof.facts[0].units) == (1002, 9)


def test_with_totals_the_fact_says_units_in_all() -> None:
    entry = case("330", agreement=agreement(), assume=UPSERT)
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 12)]})
    assert isinstance(proof, DoneByHand)
    assert (proof.facts[0].units, proof.facts[0].effect) == (12, "set")


def test_with_totals_a_later_step_is_measured_from_what_bms_has_now() -> None:
    steps = [Post(FIFTH, 10, 12, 12), Post(NINTH, 12, 13, 13)]
    entry = case("310", agreement=agreement(), assume=UPSERT)
    assert not isinstance(prove(entry, {WORKSTATION: steps}), DoneByHand)
    done = case("350", agreement=agreement(), assume=UPSERT)
    proof = prove(done, {WORKSTATION: steps})
    assert isinstance(proof, DoneByHand)
    assert [found.units for found in proof.facts] == [13]


def test_a_step_that_only_follows_from_an_earlier_one_is_not_done_alone() -> None:
    planned = {WORKSTATION: [Post(FIFTH, 10, 15, 5), Post(NINTH, 15, 12, -3)]}
    assert isinstance(prove(case("230", agreement=agreement()), planned), Drifted)


def test_all_steps_of_a_line_may_be_done_together() -> None:
    steps = [Post(FIFTH, 10, 12, 2), Post(NINTH, 12, 13, 1)]
    proof = prove(case("350", agreement=agreement()), {WORKSTATION: steps})
    assert isinstance(proof, DoneByHand)
    assert [(found.day, found.units) for found in proof.facts] == [(FIFTH, 2), (NINTH, 1)]


def test_steps_by_hand_that_do_not_count_on_each_other_add_up_once() -> None:
    steps = [ByHand(FIFTH, 10, 9), ByHand(NINTH, 10, 7)]
    rows = [ROW, a_row(id=1002, date=FIFTH), a_row(id=1003, date=NINTH)]
    lines = both() | {WORKSTATION: known(rows, [fact(10)])}
    proof = prove(case("230", lines, agreement=agreement()), {WORKSTATION: steps})
    assert isinstance(proof, DoneByHand)
    assert [(found.row_id, found.units) for found in proof.facts] == [(1002, -1), (1003, -2)]


def test_a_new_row_on_the_steps_day_is_where_it_was_done() -> None:
    lines = both() | {WORKSTATION: known([ROW, a_row(id=1002, date=FIFTH)], [fact(10)])}
    entry = case("330", lines, agreement=agreement())
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]})
    assert isinstance(proof, DoneByHand)
    assert proof.facts[0].row_id == 1002


def test_a_new_row_on_another_day_is_not_that_step() -> None:
    lines = both() | {WORKSTATION: known([ROW, a_row(id=1002, date=NINTH)], [fact(10)])}
    entry = case("330", lines, agreement=agreement())
    assert isinstance(prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]}), Drifted)


def test_a_row_moved_to_the_steps_day_is_where_it_was_done() -> None:
    lines = both() | {WORKSTATION: known([replace(ROW, date=FIFTH)], [fact(10, effect="set")])}
    entry = case("330", lines, agreement=agreement(), assume=UPSERT)
    proof = prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 12)]})
    assert isinstance(proof, DoneByHand)
    assert proof.facts[0].row_id == 1000


def test_rows_of_another_line_that_were_touched_forbid_the_reading() -> None:
    lines = both() | {SERVER: known([replace(SERVER_ROW, date=FIFTH)], [server(2)])}
    entry = case("330", lines, agreement=agreement())
    assert isinstance(prove(entry, {WORKSTATION: [Post(FIFTH, 10, 12, 2)]}), Drifted)


def test_two_readings_that_fit_are_no_proof() -> None:
    planned = {WORKSTATION: [Post(FIFTH, 10, 19, 9)], SERVER: [Post(FIFTH, 2, 6, 4)]}
    assert isinstance(prove(case("470", agreement=agreement()), planned), Drifted)


def test_steps_that_make_up_something_else_are_drift() -> None:
    planned = {WORKSTATION: [Post(FIFTH, 10, 12, 2)]}
    assert isinstance(prove(case("310", agreement=agreement()), planned), Drifted)


def test_a_line_that_was_to_be_added_is_there_already() -> None:
    lines = {WORKSTATION: both()[WORKSTATION], SERVER: known([], [], agreed=False)}
    before = agreement("200", lines)
    lines[SERVER] = known([replace(SERVER_ROW, date=FIFTH)], [], agreed=False)
    entry = case("290", lines, agreement=before)
    proof = prove(entry, {SERVER: [Post(FIFTH, 0, 2, 2)]})
    assert isinstance(proof, DoneByHand)
    assert (proof.facts[0].row_id, proof.facts[0].units) == (1001, 2)


def test_what_is_done_by_hand_is_consistent_from_then_on() -> None:
    entry = case("250", agreement=agreement())
    proof = prove(entry, {WORKSTATION: [ByHand(FIFTH, 10, 8)]})
    assert isinstance(proof, DoneByHand)
    lines = both() | {WORKSTATION: known([ROW], [fact(10), *proof.facts])}
    after = prove(replace(entry, lines=lines), {})
    assert isinstance(after, Consistent)
    assert after.agreement.total == Decimal(250)
