"""What a configuration lets begin on a later day is told before it is merged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reconciler.engine.caused import Caused, caused
from reconciler.model.desired import DesiredLine
from reconciler.model.settings import DatedSettings, LineSettings
from tests.engine import builders as make
from tests.engine.play import World, brass

TODAY, LATER = date(2026, 1, 20), date(2026, 3, 1)
NOW = make.settings()


def dated(*later: tuple[date, LineSettings], now: LineSettings = NOW) -> DesiredLine:
    return make.line(now, *(DatedSettings(*one) for one in later))


def world(line: DesiredLine) -> World:
    return brass(*[10] * 19, accounts=[make.desired_account(line)])


def told(new: DesiredLine, old: DesiredLine) -> Caused:
    return caused(world(new).entry(TODAY), world(old).entry(TODAY))


def test_a_later_price_comes_with_its_money() -> None:
    (found,) = told(dated((LATER, replace(NOW, price=Decimal("24.00")))), dated()).later
    own = make.a_row().price
    assert (found.day, found.moves) == (LATER, {"price": (own, Decimal("24.00"))})
    assert found.monthly == 10 * (Decimal("24.00") - own)


def test_what_both_let_begin_is_not_told_again() -> None:
    later = (LATER, replace(NOW, minimum=12))
    assert told(dated(later), dated(later)).later == ()
    steady = (LATER, replace(NOW, minimum=12, included=Decimal(2)))
    now = replace(NOW, included=Decimal(2))
    assert told(dated(steady, now=now), dated(later)).later == (), "an edit of today is in the plan"


def test_what_no_longer_begins_is_told() -> None:
    (found,) = told(dated(), dated((LATER, replace(NOW, minimum=12)))).later
    assert (found.day, found.moves) == (LATER, {})


def test_an_edit_of_today_is_none() -> None:
    assert told(dated((TODAY, replace(NOW, minimum=12))), dated()).later == ()


def test_what_would_begin_after_the_last_day_of_a_line_begins_never() -> None:
    later = DatedSettings(LATER, replace(NOW, minimum=12))
    ended = make.line(NOW, later, last_day=date(2026, 2, 15))
    assert told(ended, dated()).later == ()
    (found,) = told(make.line(NOW, later), ended).later
    assert found.moves == {"minimum": (None, 12)}


def test_where_nobody_knows_the_units_a_later_price_has_no_money() -> None:
    both = [world(dated((LATER, replace(NOW, price=Decimal(price))))) for price in (24, 25)]
    for one in both:
        one.facts.clear()
        one.contracts = [make.a_contract(total=Decimal(7))]
    new, old = (one.entry(TODAY) for one in both)
    (found,) = caused(new, old).later
    assert (found.moves["price"][1], found.monthly) == (Decimal(24), Decimal(0))
