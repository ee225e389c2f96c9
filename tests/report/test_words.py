from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest

from reconciler.model.plan import APPROVED, CREDITED_AT, Cause, Standing, Step
from reconciler.report.words import (
    CAUSES,
    MEANINGS,
    STANDINGS,
    before_after,
    counted,
    full_stop,
    in_turn,
    listed,
    why,
)
from tests.report.example import CHANGES


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_lists_read_as_sentences(parts: list[str], text: str) -> None:
    assert listed(parts) == text


def test_one_is_singular_and_anything_else_plural() -> None:
    assert [counted(n, "line") for n in (0, 1, 2500)] == ["0 lines", "1 line", "2,500 lines"]
    assert counted(2, "change waits", "changes wait") == "2 changes wait"


def test_a_name_that_ends_in_a_full_stop_ends_its_sentence() -> None:
    assert full_stop("endpoint of Brass Building Supplies").endswith("Supplies.")
    assert full_stop("endpoint of Cobalt Communications Inc.").endswith("Communications Inc.")


def test_every_cause_and_standing_has_its_words() -> None:
    assert set(CAUSES) == set(get_args(Cause))
    assert set(STANDINGS) == set(MEANINGS) == set(get_args(Standing))


def test_each_kind_of_change_shows_what_moves() -> None:
    units, price, new, *_ = CHANGES
    assert before_after(units, "USD") == "40 -> 44"
    assert before_after(price, "USD") == "22.00 -> 24.00"
    assert before_after(new, "USD") == "new -> 12"


def test_a_new_line_says_where_its_price_is_from() -> None:
    assert why(CHANGES[2], "USD") == "config; catalogue price 5.00"
    configured = replace(CHANGES[2], price_from="config", price=Decimal("4.125"))
    assert why(configured, "USD") == "config; configured price 4.125"


def test_what_holds_a_change_is_named() -> None:
    assert why(replace(CHANGES[0], because=("GRD001", "GRD002")), "USD") == "usage; GRD001, GRD002"


def test_a_price_that_is_not_the_lines_own_is_told() -> None:
    assert why(replace(CHANGES[0], price_before=CHANGES[0].price), "USD") == "usage"
    older = replace(CHANGES[0], price=Decimal("4.10"), price_before=Decimal("9.00"))
    assert why(older, "USD") == "usage; at 4.10"


def test_parts_of_a_step_over_several_prices_say_so_and_the_price_after_them_too() -> None:
    part = replace(CHANGES[0], price=Decimal("4.10"), steps=(Step(CREDITED_AT, "3 of 8"),))
    assert why(part, "USD") == "usage; 3 of 8 at 4.10"
    own = replace(part, price_before=part.price)
    assert why(own, "USD") == "usage; 3 of 8 at 4.10"
    level = replace(part, kind="price", steps=())
    assert why(level, "USD") == "back to its price"


def test_who_let_a_change_is_told() -> None:
    let = replace(
        CHANGES[0], price_before=CHANGES[0].price, steps=(Step(APPROVED, "2026-11.yaml"),)
    )
    assert why(let, "USD") == "usage; approved: 2026-11.yaml"


def test_parts_of_one_step_are_shown_in_their_turn() -> None:
    first, then = (replace(CHANGES[0], id=n, units_before=b) for n, b in (("b", 15), ("a", 10)))
    assert sorted([then, first], key=in_turn) == [first, then]
