"""Random plans, random faults and kills, several runs: every line ends right or is in doubt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, TypedDict, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reconciler.apply import Moment
from reconciler.model.plan import Change
from reconciler.sandbox import FAULT_KINDS, Behaviour
from tests.apply.story import Killed, check, disturbed
from tests.apply.test_faults import POST, PRICES, READS
from tests.runs.truth import Story
from tests.runs.world import TODAY, World, small_world

FIRST = date(2026, 11, 1)
KINDS = [kind for kind in FAULT_KINDS if kind != "slow"]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    days = (TODAY - FIRST).days
    moves = draw(st.dictionaries(st.integers(1, days), st.integers(0, 5), max_size=3))
    level = draw(st.integers(0, 5))
    readings = {
        FIRST + timedelta(n - 1): (level := moves.get(n, level)) for n in range(1, days + 1)
    }
    rows = draw(st.lists(st.tuples(st.just(date(2026, 1, 1)), st.integers(0, 5)), max_size=1))
    return Story(rows, readings)


class Fault(TypedDict):
    kind: str
    path: str
    after: int
    times: int
    minutes: int


faults = st.builds(
    Fault,
    kind=st.sampled_from(KINDS),
    path=st.sampled_from([POST, POST, POST, *READS, *PRICES]),
    after=st.integers(0, 3),
    times=st.integers(1, 3),
    minutes=st.integers(1, 55),
)
kills = st.tuples(st.sampled_from(get_args(Moment)), st.integers(1, 3))


def watching(world: World, found: list[Fault], kill: tuple[Moment, int] | None) -> Any:
    left = [kill[1] if kill else 0]

    def watch(moment: Moment, change: Change) -> None:
        while found:
            world.sandbox.faults.arm(**found.pop())
        if kill and moment == kill[0]:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return watch


@given(
    data=st.data(),
    line_update=st.sampled_from(["append", "upsert"]),
    note=st.booleans(),
    price=st.sampled_from(["", "price: 8.40"]),
)
@settings(
    max_examples=10,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)
def test_random_faults_and_kills_lose_and_double_nothing(
    data: st.DataObject, line_update: Any, note: bool, price: str
) -> None:
    told = {name: data.draw(stories(), label=name) for name in ("alpha", "beta", "gamma")}
    with small_world(behaviour=Behaviour(line_update=line_update), note=note) as world:
        for number, (name, story) in enumerate(told.items()):
            world.service(name, f"{7 + number}.35", "Backup" if name == "gamma" else "Managed")
            for day, units in story.rows:
                world.row(name, units, day)
        world.configure(alpha=price)
        for name, story in told.items():
            world.read(name, story.readings)
        world.baseline()
        world.plan()
        for _ in range(data.draw(st.integers(1, 3))):
            found = data.draw(st.lists(faults, max_size=2))
            kill = data.draw(st.none() | kills)
            disturbed(world, watching(world, found, kill))
            pause = data.draw(st.sampled_from([0, 1, 20, 61, 90]))
            world.sandbox.advance(timedelta(minutes=pause))
        check(world, stories=told, doubts=line_update == "upsert" and not note)
