"""An independent check: what the sandbox would bill, and what the policies want, day by day.

Nothing here asks the ledger or the engine. `billed` reads the sandbox's own tables; `wanted` is
the policies' definition, walked one day at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tests.runs.world import World

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """A policy, and how it is written for a line."""

    adjust: str = "daily"
    over: str = "last"
    increase: str = "change-date"
    decrease: str = "change-date"

    def yaml(self) -> str:
        late = ", late: prorated-transaction" if "period-start" in self.whens else ""
        return (
            f"adjust: {self.adjust}, over: {self.over},"
            f" increase: {self.increase}, decrease: {self.decrease}{late}"
        )

    @property
    def whens(self) -> tuple[str, str]:
        return self.increase, self.decrease


@dataclass(frozen=True)
class Story:
    """One line before us: rows as (day, units), readings by day, and its policy."""

    rows: Sequence[tuple[date, int]]
    readings: Mapping[date, int]
    rules: Rules = Rules()


def billed(world: World, service: str, day: date) -> int:
    """The units that the sandbox has in force for a service on a day."""
    tables, service_id, contract = (
        world.sandbox.tables(),
        world.services[service],
        world.home(service),
    )
    if world.behaviour.line_update == "append":
        return sum(
            row.units
            for row in tables.rows()
            if (row.contract_id, row.service_id) == (contract, service_id) and row.date <= day
        )
    return sum(
        entry.units - entry.units_before
        for entry in tables.history()
        if (entry.contract_id, entry.service_id) == (contract, service_id) and entry.date <= day
    )


def wanted(story: Story, starts: date, today: date) -> dict[date, int]:
    """Units by day from the first day that may be written up to today."""
    first = _first(story, starts)
    level = _before(story, first)
    units: dict[date, int] = {}
    pending: int | None = None
    for day in _days(first, today):
        if day.day == 1 and pending is not None:
            level, pending = pending, None
        if story.rules.adjust == "month-end" and _last_of_month(day) >= today and day > first:
            # It may not move before the month is complete: what a person did stands until then.
            level += sum(more for on, more in story.rows if on == day)
        count = _count(story, day) if day < today else None
        if count is not None:
            when = story.rules.increase if count > level else story.rules.decrease
            if count == level or when != "next-period":
                pending = None
            if count != level and when == "next-period":
                pending = count
            elif count != level and when != "never":
                further = max if count > level else min
                level = count
                if when == "period-start":
                    for earlier in _days(max(first, day.replace(day=1)), day - DAY):
                        units[earlier] = further(units[earlier], count)
        units[day] = level
    return units


def wrong(world: World, service: str, story: Story, since: date | None = None) -> list[str]:
    """The days on which the sandbox would bill something else than is wanted."""
    starts = world.billing_starts or world.start
    return [
        f"{service} on {day}: billed {billed(world, service, day)}, wanted {units}"
        for day, units in wanted(story, starts, world.sandbox.today()).items()
        if (since is None or day >= since) and billed(world, service, day) != units
    ]


def doubled(world: World) -> list[str]:
    """Writes whose note, or whose place and size, came more than once through the API."""
    posts = [e for e in world.sandbox.tables().posts() if e.action in ("add", "post")]
    seen = Counter((e.contract_id, e.service_id, e.date, e.units, e.units_before) for e in posts)
    notes = Counter(
        row.description for row in world.sandbox.tables().rows() if " ref " in row.description
    )
    return [str(key) for key, count in (*seen.items(), *notes.items()) if count > 1]


def posts(world: World) -> int:
    """Calls that reached the sandbox and wanted to move units."""
    return sum(
        1
        for request in world.sandbox.tables().requests()
        if request.method == "POST" and request.path.endswith("/services")
    )


def _first(story: Story, starts: date) -> date:
    """A line that BMS does not have is as old as the ledger."""
    if story.rows:
        return max(starts, min(day for day, _ in story.rows))
    return max(starts, min(story.readings))


def _before(story: Story, first: date) -> int:
    known = [day for day, _ in story.rows if day < first]
    edge = max(known) if known else first
    return sum(units for day, units in story.rows if day <= edge)


def _count(story: Story, day: date) -> int | None:
    rules = story.rules
    if rules.adjust == "month-end" and (day + DAY).day != 1:
        return None
    if rules.over == "last":
        return story.readings.get(day)
    return max(story.readings[d] for d in _days(day.replace(day=1), day))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
