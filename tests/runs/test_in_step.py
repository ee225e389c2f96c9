"""After an apply the next plan is in step, and the sandbox would bill what the policies want."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.report import plan_json
from reconciler.sandbox import Behaviour
from tests.runs.truth import Rules, Story, doubled, wrong
from tests.runs.world import World, small_world

NOVEMBER, DECEMBER = date(2026, 11, 23), date(2026, 12, 2)

FOUR: dict[str, tuple[Any, ...]] = {
    "line_update": ("append", "upsert"),
    "negative_units": ("accepted", "refused"),
    "total_price": ("effective", "all"),
    "future_line": ("accepted", "refused"),
}
OTHERS: dict[str, tuple[Any, ...]] = {
    "line_update": ("append", "upsert"),
    "zero_units": ("accepted", "refused"),
    "back_dated": ("accepted", "refused"),
    "day_count": ("actual", "fixed-30", "30-360"),
    "change_day": ("billed", "free"),
    "part_period": ("prorated", "full"),
    "page_base": (1, 0),
    "page_cap": (100, 2),
    "name_filter": ("contains", "exact"),
    "sort_order": ("kept", "reset"),
    "date_zone": ("local", "utc"),
    "mapping_post": ("replaces", "adds"),
    "field_names": ("camel", "pascal"),
}

IMPOSSIBLE = {"MOD004", "POL003", "KNW006"}
"""What the API cannot do under an assumption, or may not because its effect is not documented."""

RULES = (
    Rules(),
    Rules(decrease="never"),
    Rules(increase="next-period", decrease="next-period"),
    Rules(increase="period-start", decrease="change-date"),
    Rules(over="peak", decrease="next-period"),
    Rules(adjust="month-end", over="peak", increase="period-start", decrease="next-period"),
    Rules(adjust="month-end", increase="change-date", decrease="period-start"),
)


def covering(choices: dict[str, tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Few combinations in which every pair of values of two choices comes together."""
    names = list(choices)
    left = {
        (a, x, b, y) for a, b in combinations(names, 2) for x, y in product(choices[a], choices[b])
    }
    found: list[dict[str, Any]] = []
    while left:
        a, x, b, y = min(left, key=str)
        case: dict[str, Any] = {a: x, b: y}
        for name in names:
            if name not in case:
                case[name] = max(choices[name], key=lambda v: len(_pairs({**case, name: v}) & left))
        found.append({name: case[name] for name in names})
        left -= _pairs(found[-1])
    return found


def _pairs(case: dict[str, Any]) -> set[tuple[str, Any, str, Any]]:
    order = [name for name in (*OTHERS, *FOUR) if name in case]
    names = list(dict.fromkeys(order))
    return {(a, case[a], b, case[b]) for a, b in combinations(names, 2)}


@st.composite
def stories(draw: st.DrawFn, today: date, *, several_rows: bool) -> Story:
    """Readings of every closed day since November began, and rows from before us."""
    days = (today - date(2026, 11, 1)).days
    steps = draw(st.lists(st.tuples(st.integers(0, days - 1), st.integers(0, 6)), max_size=5))
    level, readings = draw(st.integers(0, 6)), {}
    for n in range(days):
        level = next((units for day, units in steps if day == n), level)
        readings[date(2026, 11, 1) + timedelta(n)] = level
    row_days = st.sampled_from(
        [date(2026, 1, 1), date(2026, 10, 15), date(2026, 11, 5), today + timedelta(7)]
    )
    rows = draw(st.lists(st.tuples(row_days, st.integers(0, 6)), max_size=3 if several_rows else 1))
    return Story(sorted(rows), readings, draw(st.sampled_from(RULES)))


def tell(world: World, stories: dict[str, Story]) -> None:
    """Make the lines, the configuration and the readings of the stories."""
    for number, (name, story) in enumerate(stories.items()):
        world.service(name, f"{7 + number}.{number}5")
        for day, units in story.rows:
            world.row(name, units, day)
    world.configure(**{name: story.rules.yaml() for name, story in stories.items()})
    for name, story in stories.items():
        world.read(name, story.readings)
    world.baseline()


def check_in_step(world: World, stories: dict[str, Story]) -> None:
    """Apply; plan again; every line that can be right is right."""
    before = world.plan()
    assert plan_json.dumps(before) == plan_json.dumps(world.plan())
    done = world.apply()
    assert done.stopped is None
    assert {entry.result for entry in done.applied} <= {"done"}
    after = world.plan()
    assert not [c for c in after.changes if c.standing in ("ready", "proposed")]
    left = [c for c in after.changes if c.standing in ("by-hand", "held")]
    assert {code for change in left for code in change.because} <= IMPOSSIBLE
    assert after.verdict == ("person-needed" if left else "in-step")
    since = world.sandbox.today() if world.behaviour.back_dated == "refused" else None
    excused = {change.line.service for change in left}
    for name, story in stories.items():
        if name not in excused:
            assert not wrong(world, name, story, since)
    assert not doubled(world)
    assert plan_json.dumps(after) == plan_json.dumps(world.plan())


def run(behaviour: dict[str, Any], data: st.DataObject) -> None:
    today = data.draw(st.sampled_from([NOVEMBER, DECEMBER]))
    several = behaviour["line_update"] == "append"
    told = {
        name: data.draw(stories(today, several_rows=several), label=name)
        for name in data.draw(st.sampled_from([("alpha",), ("alpha", "beta")]))
    }
    with small_world(behaviour=Behaviour(**behaviour)) as world:
        world.sandbox.set_clock(today)
        tell(world, told)
        check_in_step(world, told)


quick = settings(
    max_examples=3,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@pytest.mark.parametrize(
    "sides", list(product(*FOUR.values())), ids=lambda sides: "-".join(map(str, sides))
)
@given(data=st.data())
@quick
def test_every_combination_of_the_four_that_decide_a_write_ends_in_step(
    sides: tuple[Any, ...], data: st.DataObject
) -> None:
    run(dict(zip(FOUR, sides, strict=True)), data)


@pytest.mark.parametrize("behaviour", covering(OTHERS), ids=lambda case: case["line_update"])
@given(data=st.data())
@quick
def test_every_pair_of_the_other_assumptions_ends_in_step(
    behaviour: dict[str, Any], data: st.DataObject
) -> None:
    run(behaviour, data)


@pytest.mark.parametrize("total_price", FOUR["total_price"])
def test_a_rise_is_written_although_a_fall_before_it_is_left_to_a_person(total_price: Any) -> None:
    """The fall is no longer due on the day of the plan."""
    dip = {NOVEMBER - timedelta(n): 0 if n == 22 else 2 for n in range(1, 23)}
    story = Story([(date(2026, 1, 1), 1)], dip)
    behaviour = Behaviour(negative_units="refused", total_price=total_price)
    with small_world(behaviour=behaviour) as world:
        world.sandbox.set_clock(NOVEMBER)
        tell(world, {"alpha": story})
        check_in_step(world, {"alpha": story})
        assert world.units("alpha") == 2


def test_the_combinations_hold_every_pair() -> None:
    cases = covering(OTHERS)
    seen = set().union(*map(_pairs, cases))
    for a, b in combinations(OTHERS, 2):
        for x, y in product(OTHERS[a], OTHERS[b]):
            assert (a, x, b, y) in seen
    assert len(cases) < 20
