"""An edit is taken out of every rule that carries it on, and of no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.retracted import Behind, meant, retracted
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
    own = [rule(date.min), *rules]
    return list(retracted(own, [one for one in own if one.day == day]))


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
    elsewhere = replace(edited, line=LINE._replace(service_id=7))
    assert without(edited, day=SECOND) == []
    assert list(retracted([edited], [edited])) == [], "nothing came before it"
    assert list(retracted([rule(date.min), edited], [elsewhere])) == []
    assert list(retracted([rule(date.min), edited], ())) == []


def taken(
    *rules: LineRule, now: LineRule, mixed: tuple[date, ...] = (), is_all: bool = True
) -> list[tuple[date, int | None, Decimal]]:
    """What is taken back of them, as days with minimum and included units."""
    days = tuple(one.day for one in rules if one.day not in mixed)
    behind = Behind(LINE, days, mixed, is_all=is_all)
    found = meant([rule(date.min), *rules], [behind], {LINE: now})
    return [(one.day, one.settings.minimum, one.settings.included) for one in found]


NOTHING = Decimal(0)
TWICE = [rule(FIRST, minimum=14), rule(SECOND, minimum=16)]


def test_of_edits_after_each_other_all_go_where_all_are_undone() -> None:
    assert taken(*TWICE, now=rule(THIRD)) == [(FIRST, 14, NOTHING), (SECOND, 16, NOTHING)]


def test_of_edits_after_each_other_the_last_goes_where_it_alone_is_undone() -> None:
    assert taken(*TWICE, now=rule(THIRD, minimum=14)) == [(SECOND, 16, NOTHING)]


def test_an_edit_that_took_out_another_is_not_undone_by_saying_the_same() -> None:
    again = [rule(FIRST, minimum=14), rule(SECOND), rule(THIRD, minimum=16)]
    assert [day for day, *_ in taken(*again, now=rule(D(2026, 1, 20)))] == [FIRST, THIRD]


def test_only_what_is_undone_of_an_edit_goes() -> None:
    both = rule(FIRST, minimum=14, included=Decimal(2))
    assert taken(both, now=rule(THIRD, included=Decimal(2))) == [(FIRST, 14, NOTHING)]


def test_what_says_something_else_again_takes_all_of_them_back() -> None:
    assert [day for day, *_ in taken(*TWICE, now=rule(THIRD, minimum=12))] == [FIRST, SECOND]


def test_a_dated_change_is_undone_for_itself() -> None:
    first = DatedSettings(D(2026, 1, 20), make.settings(minimum=20))
    second = DatedSettings(D(2026, 1, 25), make.settings(minimum=20, maximum=90))
    behind = Behind(LINE, (FIRST, SECOND))
    edits = [
        replace(rule(FIRST), dated=(first,)),
        replace(rule(SECOND), dated=(first, second)),
    ]
    rules = [rule(date.min), *edits]
    both = list(meant(rules, [behind], {LINE: rule(THIRD)}))
    assert list(retracted(rules, both)) == [rule(FIRST), rule(SECOND)]
    last = list(meant(rules, [behind], {LINE: replace(rule(THIRD), dated=(first,))}))
    assert list(retracted(rules, last)) == [replace(rule(SECOND), dated=(first,))]


def test_organizations_are_undone_one_by_one() -> None:
    wrong, right = ("datto-rmm", "Bronze"), ("datto-rmm", "Copper")
    edited = replace(rule(FIRST), organizations=(*ORGANIZATIONS, wrong, right))
    now = replace(rule(THIRD), organizations=(*ORGANIZATIONS, right))
    found = list(meant([rule(date.min), edited], [Behind(LINE, (FIRST,))], {LINE: now}))
    assert [one.organizations for one in found] == [tuple(sorted((*ORGANIZATIONS, wrong)))]


@pytest.mark.parametrize(("minimum", "goes"), [(None, True), (14, False), (12, False)])
def test_a_day_of_several_edits_goes_only_as_a_whole(minimum: int | None, *, goes: bool) -> None:
    now = rule(THIRD, minimum=minimum)
    found = taken(rule(FIRST, minimum=14, included=Decimal(2)), now=now, mixed=(FIRST,))
    assert bool(found) == goes


def test_nothing_goes_of_a_line_that_nothing_is_known_of() -> None:
    assert list(meant([], [Behind(LINE, (FIRST,))], {})) == []
