"""Which of a line's rules a revert takes out, and when what was written stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.reverting import Kept, Retracted, Reverts
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Intent, KnownFact, Reverted
from reconciler.model.rules import LineRule
from reconciler.model.settings import LineSettings, Term
from tests.engine.play import brass

KEY = LineKey(1, 10, 1201)
TODAY = date(2026, 11, 28)


def rule(day: int | None, minimum: int | None) -> LineRule:
    settings = LineSettings(count=(Term("datto-rmm", "total-devices"),), minimum=minimum)
    return LineRule(KEY, date.min if day is None else date(2026, 11, day), settings, ())


BASE: Final = rule(28, 15)


def write(day: int, before: int, after: int) -> Intent:
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    zero = Decimal(0)
    return Intent(
        ref=f"REF{day}",
        plan="plan",
        change="change",
        kind="units",
        line=KEY,
        day=at.date(),
        posted_units=after - before,
        units_before=before,
        units_after=after,
        price=zero,
        rows_before=(),
        total_before=zero,
        total_after=zero,
        at=at,
        lease=1,
    )


def merge(day: int, before: int, after: int, **more: Any) -> Reverted:
    made = write(day, before, after)
    more.setdefault("intents", (made,))
    return Reverted(f"#{day}", "c" * 40, made.day, made.day, frozenset({KEY}), **more)


def fact(units: int, day: int = 1, ref: str | None = None) -> KnownFact:
    source = "reply" if ref else "baseline"
    return KnownFact(KEY, day, date(2026, 11, day), "add", units, source, ref)  # type: ignore[arg-type]


@dataclass
class Line:
    """One that has 10 units, and 15 by a merge of the 23rd."""

    merges: tuple[Reverted, ...] = (merge(23, 10, 15),)
    rules: tuple[LineRule, ...] = (rule(None, None), rule(23, 15))
    facts: tuple[KnownFact, ...] = (fact(10), fact(5, 23, "REF23"))
    base: LineRule | None = BASE
    opens: date = date(2026, 11, 1)
    line_update: Literal["append", "upsert"] = "append"

    def told(self, minimum: int | None = None) -> Retracted | Kept | None:
        world = brass(10)
        world.state = {"billing_starts": date(2026, 11, 1)}
        world.assume = replace(world.assume, line_update=self.line_update)
        entry = world.entry(TODAY)
        entry = replace(
            entry,
            reverts=self.merges,
            before=None if self.base is None else {KEY: self.base},
            remembered=replace(entry.remembered, facts=self.facts),
        )
        return Reverts(entry).of(rule(28, minimum), self.rules, self.opens)

    def why(self, minimum: int | None = None) -> str:
        found = self.told(minimum)
        assert isinstance(found, Kept)
        return found.why


def test_the_rule_of_the_merge_is_out_from_its_own_day() -> None:
    found = Line().told()
    assert isinstance(found, Retracted)
    assert (found.rules, found.again) == ([rule(None, None)], [rule(23, None)])
    assert [intent.ref for intent in found.intents] == ["REF23"]


@pytest.mark.parametrize("base", [None, rule(28, None)])
def test_a_line_that_is_not_changed_since_the_base_is_left_alone(base: LineRule | None) -> None:
    assert Line(base=base).told() is None


def test_what_is_otherwise_than_before_stays() -> None:
    assert Line().why(minimum=12) == "its configuration is not what it was before"
    unknown = Line(rules=(rule(23, 15),))
    assert unknown.why() == "nothing is known of its configuration before that day"


def test_a_merge_that_left_the_lines_configuration_alone_has_no_edit_to_take_back() -> None:
    assert Line(rules=(rule(None, None),)).why() == "that left its configuration as it was"


def test_usage_that_moved_the_line_from_that_day_on_is_no_edit() -> None:
    moved = Line(facts=(*Line.facts, fact(1, 23, "NIGHT")))
    assert moved.why() == "a later write on the line counts from the same day"


def test_a_later_edit_keeps_it() -> None:
    later = Line(rules=(rule(None, None), rule(23, 15), rule(25, 16)))
    assert later.why() == "its configuration was changed again since"


def test_an_earlier_edit_of_its_day_is_in_force_again() -> None:
    made = merge(23, 12, 15, superseded={KEY: rule(23, 12)})
    found = Line(merges=(made,)).told(minimum=12)
    assert isinstance(found, Retracted)
    assert found.rules == [rule(None, None), rule(23, 12)]
    assert found.again == [rule(23, 12)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (Line(merges=(merge(23, 10, 15, doubtful=frozenset({"REF23"})),)), "nobody knows yet"),
        (Line(merges=(merge(23, 10, 15, reversals=frozenset({KEY})),)), "it was a revert itself"),
        (Line(facts=(fact(15),)), "the line's units are known from elsewhere since"),
        (Line(facts=(*Line.facts, fact(1, 24))), "the line was moved since by something else"),
        (Line(facts=(*Line.facts, fact(-12, 24, "REF24"))), "below 0 units"),
        (Line(facts=(*Line.facts, fact(1, 24, "REF24")), line_update="upsert"), "REF24"),
        (
            Line(facts=(*Line.facts, fact(1, 24, "REF24")), opens=date(2026, 11, 25)),
            "later writes stand on it in periods that are over",
        ),
    ],
)
def test_what_is_in_the_way_is_named(line: Line, why: str) -> None:
    assert why in line.why()


def test_a_later_write_on_its_day_by_something_else_keeps_it() -> None:
    """The rules of one day do not tell who made the last of them."""
    beside = Line(
        merges=(merge(23, 12, 15, superseded={KEY: rule(23, 12)}),),
        rules=(rule(None, None), rule(23, 30)),
        facts=(*Line.facts, fact(15, 23, "OTHER")),
        base=rule(28, 30),
    )
    assert beside.why(minimum=12) == "a later write on the line counts from the same day"


def test_what_was_reverted_on_its_day_is_not_reverted_again() -> None:
    again = Line(
        merges=(merge(23, 10, 15, intents=(), superseded={KEY: rule(23, 15)}),),
        rules=(rule(None, None), rule(23, 15)),
    )
    assert again.why() == "its configuration was changed more than once that day"


def test_what_was_taken_back_before_leaves_its_rule_out_all_the_same() -> None:
    found = Line(merges=(merge(23, 10, 15, intents=()),)).told()
    assert isinstance(found, Retracted)
    assert (found.intents, found.again) == ((), [rule(23, None)])


@given(st.lists(st.integers(2, 27), unique=True, min_size=1), st.integers(0, 26))
def test_all_of_the_newest_merges_go_or_none(days: list[int], named: int) -> None:
    """Each merge edits the line again; those of the newest days can go together."""
    days = sorted(days)
    rules = [rule(None, None), *(rule(day, day) for day in days)]
    place = named % len(days)
    merges = tuple(merge(day, 10, 11, intents=()) for day in days[place:])
    line = Line(merges=merges, rules=tuple(rules), base=rule(28, days[-1]))
    found = line.told(rules[place].settings.minimum)
    assert isinstance(found, Retracted)
    assert list(found.rules) == rules[: place + 1]
    assert [one.day for one in found.again] == [rules[n].day for n in range(place + 1, len(rules))]
    if len(merges) > 1:
        fewer = replace(line, merges=merges[:-1])
        assert isinstance(fewer.told(rules[place].settings.minimum), Kept)
