"""An edit is taken out of every rule that carries it on, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reconciler.engine.retracted import retracted
from reconciler.model.bms import LineKey
from reconciler.model.rules import LineRule
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make

D = date
LINE = LineKey(1, 10, 100)
ORGANIZATIONS = (("datto-rmm", "Brass"),)
FIRST, SECOND, THIRD = D(2026, 1, 5), D(2026, 1, 9), D(2026, 1, 14)


def rule(day: date, **values: Any) -> LineRule:
    return LineRule(LINE, day, make.settings(**values), ORGANIZATIONS)


def without(*rules: LineRule, day: date = FIRST) -> list[LineRule]:
    return list(retracted([rule(date.min), *rules], {(LINE, day)}))


def test_the_rule_before_it_is_in_force_from_its_day() -> None:
    assert without(rule(FIRST, minimum=20)) == [rule(FIRST)]
    assert without(rule(FIRST, minimum=20), rule(SECOND)) == [rule(FIRST)]


def test_later_edits_stand_without_what_they_carry_on() -> None:
    edited = [rule(FIRST, minimum=20), rule(SECOND, minimum=20, included=Decimal(4))]
    assert without(*edited) == [rule(FIRST), rule(SECOND, included=Decimal(4))]
    assert without(rule(FIRST, minimum=20), rule(SECOND, minimum=15)) == [rule(FIRST)]


def test_what_says_the_same_after_it_was_undone_is_another_edit() -> None:
    edited = [rule(FIRST, minimum=20), rule(SECOND), rule(THIRD, minimum=20)]
    assert without(*edited) == [rule(FIRST)]


def test_of_two_values_each_is_carried_on_for_itself() -> None:
    later = [
        rule(SECOND, minimum=12, maximum=90),
        rule(THIRD, minimum=14, maximum=90),
    ]
    assert without(rule(FIRST, minimum=14, maximum=90), *later) == [
        rule(FIRST),
        rule(SECOND, minimum=12),
        rule(THIRD, minimum=14),
    ]


def test_an_organization_goes_though_a_later_edit_adds_another() -> None:
    wrong, more = ("datto-rmm", "Bronze"), ("datto-rmm", "Copper")
    edited = replace(rule(FIRST), organizations=(*ORGANIZATIONS, wrong))
    later = replace(rule(SECOND), organizations=(*ORGANIZATIONS, wrong, more))
    assert without(edited, later) == [
        rule(FIRST),
        replace(rule(SECOND), organizations=(*ORGANIZATIONS, more)),
    ]


def test_organizations_and_exclusions_go_with_it() -> None:
    more = (*ORGANIZATIONS, ("datto-rmm", "Bronze"))
    edited = replace(rule(FIRST), organizations=more, excluded=(("datto-rmm", "Bronze", None),))
    later = replace(edited, day=SECOND, settings=make.settings(minimum=2))
    assert without(edited, later) == [rule(FIRST), rule(SECOND, minimum=2)]


def test_what_it_dates_goes_and_what_others_date_stays() -> None:
    dated = DatedSettings(D(2026, 1, 7), make.settings(minimum=20))
    other = DatedSettings(D(2026, 2, 1), make.settings(maximum=90))
    edited = replace(rule(FIRST), dated=(dated,))
    later = replace(rule(SECOND), dated=(dated, other))
    assert without(edited, later) == [rule(FIRST), replace(rule(SECOND), dated=(other,))]
    carried = DatedSettings(other.day, make.settings(maximum=90, minimum=5))
    later = replace(rule(SECOND, minimum=5), dated=(carried,))
    assert without(rule(FIRST, minimum=5), later) == [
        rule(FIRST),
        replace(rule(SECOND), dated=(other,)),
    ]


def test_a_later_dated_change_stands_without_the_earlier_one() -> None:
    slip = DatedSettings(D(2026, 1, 7), make.settings(minimum=20))
    both = DatedSettings(D(2026, 1, 20), make.settings(minimum=20, maximum=90))
    edited = replace(rule(FIRST), dated=(slip,))
    alone = DatedSettings(both.day, make.settings(maximum=90))
    assert without(edited, replace(rule(SECOND), dated=(slip, both))) == [
        rule(FIRST),
        replace(rule(SECOND), dated=(alone,)),
    ]


def test_other_days_and_lines_stay_as_they_are() -> None:
    edited = rule(FIRST, minimum=20)
    assert without(edited, day=SECOND) == []
    assert list(retracted([edited], {(LINE, FIRST)})) == [], "nothing came before it"
    assert list(retracted([rule(date.min), edited], {(LINE._replace(service_id=7), FIRST)})) == []
    assert list(retracted([rule(date.min), edited], ())) == []
