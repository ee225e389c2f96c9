"""What a moved total may be taken for, whatever units and prices a contract has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.diff import Post
from reconciler.engine.edits import single_edits
from reconciler.engine.hand import DoneByHand
from reconciler.engine.known import KnownLine
from reconciler.engine.proof import Consistent, NeedsWideRead, NotClosed, prove
from reconciler.model.bms import Row
from tests.engine.builders import a_row, fact
from tests.engine.test_proof import (
    FOREIGN,
    ROW,
    SERVER,
    SERVER_ROW,
    WORKSTATION,
    agreement,
    case,
    known,
    server,
)

FIFTH = date(2026, 2, 5)
PRICES = st.sampled_from(["5.00", "20.00", "45.00", "0.50", "13.37"]).map(Decimal)
UNITS = st.integers(0, 15)
MOVED = st.integers(-5, 9).filter(bool)


def two_lines(prices: tuple[Decimal, Decimal], units: tuple[int, int]) -> dict[int, KnownLine]:
    first, second = replace(ROW, price=prices[0]), replace(SERVER_ROW, price=prices[1])
    return {
        WORKSTATION: known([first], [fact(units[0])]),
        SERVER: known([second], [server(units[1])]),
    }


def worth(lines: dict[int, KnownLine]) -> Decimal:
    return case("0", lines).worth(lines)


def strangers() -> st.SearchStrategy[list[Row]]:
    """As it was, or one row of others more, away, moved, or at another price."""
    return st.one_of(
        st.just([FOREIGN]),
        PRICES.map(lambda price: [FOREIGN, replace(FOREIGN, id=1010, price=price)]),
        st.just([]),
        st.just([replace(FOREIGN, date=FIFTH)]),
        PRICES.map(lambda price: [replace(FOREIGN, price=price)]),
    )


@given(
    st.tuples(PRICES, PRICES),
    st.tuples(UNITS, UNITS),
    MOVED,
    strangers(),
    st.booleans(),
    st.booleans(),
)
def test_a_step_is_taken_as_done_only_where_nothing_else_explains_the_total(
    prices: tuple[Decimal, Decimal],
    units: tuple[int, int],
    moved: int,
    others: list[Row],
    wide: bool,
    shown: bool,
) -> None:
    before = two_lines(prices, units)
    total = worth(before) + 21
    agreed = agreement(str(total), before, others=[FOREIGN])
    lines = dict(before)
    if shown:
        new = a_row(id=1002, date=FIFTH, price=prices[0])
        lines[WORKSTATION] = known([replace(ROW, price=prices[0]), new], [fact(units[0])])
    entry = case(str(total + moved * prices[0]), lines, agreement=agreed, others=others, wide=wide)
    planned = {WORKSTATION: [Post(FIFTH, units[0], units[0] + moved, moved)]}
    proof = prove(entry, planned)
    if not wide:
        assert proof == NeedsWideRead()
    edits = {edit.service for edit in single_edits(entry, moved * prices[0])}
    alone = shown or edits <= {WORKSTATION}
    assert isinstance(proof, DoneByHand) is (wide and others == [FOREIGN] and alone)


@given(st.decimals("-500", "500", places=2), st.integers(0, 2))
def test_a_total_that_no_row_makes_up_is_explained_by_nothing(total: Decimal, lines: int) -> None:
    empty = {service: known([], [], agreed=False) for service in (WORKSTATION, SERVER)[:lines]}
    entry = case(str(total), empty)
    planned = {service: [Post(FIFTH, 0, 3, 3)] for service in empty}
    proof = prove(entry, planned)
    assert isinstance(proof, NotClosed if total else Consistent)
    if isinstance(proof, NotClosed):
        assert (proof.difference, proof.edits) == (total, ())


def test_the_total_of_rows_that_are_all_gone_is_explained_by_nothing() -> None:
    none = {WORKSTATION: known([], [], agreed=False)}
    agreed = agreement("7", none, others=[FOREIGN])
    assert isinstance(prove(case("7", none, agreement=agreed), {}), NotClosed)
