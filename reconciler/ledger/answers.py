"""Readings of one pull as complete answers: what each organization had on each day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from reconciler.ledger.month import month_of
from reconciler.ledger.organizations import given
from reconciler.ledger.series_rows import MonthKey
from reconciler.ledger.statements import text
from reconciler.ledger.texts import Reader, parse
from reconciler.model.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from reconciler.ledger.organizations import Given

Days: TypeAlias = dict[int, dict[str, Reading]]
"""By day of the month and dimension."""

Answers: TypeAlias = dict[MonthKey, Days]


def group(readings: Iterable[Reading], keys: Mapping[Given, str]) -> Answers:
    """Readings by series and month; of two for one day and dimension the later one counts."""
    answers: Answers = {}
    for reading in readings:
        _add(answers, reading, keys[given(reading)])
    return answers


def inherit(
    connection: Connection, aliases: Mapping[tuple[str, str], str], answers: Answers
) -> None:
    """Adds what was said under a name that now has an id, for days the id has no answer of."""
    if not aliases:
        return
    answered: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for key, days in answers.items():
        own = answered.setdefault((key.product, key.organization), set())
        own.update((key.metric, f"{key.month}-{day:02}") for day in days)
    for (product, name), organization in aliases.items():
        own = answered.get((product, organization), set())
        own |= _covered_days(connection, product, organization)
        for reading in newest_readings(connection, product, name):
            if (reading.metric, reading.day.isoformat()) not in own:
                _add(answers, replace(reading, organization_id=organization), organization)


def _add(answers: Answers, reading: Reading, organization: str) -> None:
    days = answers.setdefault(_month_key(reading, organization), {})
    days.setdefault(reading.day.day, {})[reading.dimension] = reading


def _month_key(reading: Reading, organization: str) -> MonthKey:
    return MonthKey(month_of(reading.day), reading.product, organization, reading.metric)


def newest_readings(connection: Connection, product: str, organization: str) -> list[Reading]:
    """The newest row per metric, day and dimension of one organization."""
    rows = connection.execute(
        text(
            "SELECT metric, dimension, day, quantity, names, source, org_id, org_name"
            " FROM reading WHERE product = :product AND org_key = :key ORDER BY id"
        ),
        {"product": product, "key": organization},
    )
    reader = Reader()
    newest = {
        (metric, day, dimension): Reading(
            product=product,
            organization_id=org_id,
            organization=org_name,
            metric=metric,
            dimension=dimension,
            day=reader.day(day),
            quantity=reader.decimal(quantity),
            source=source,
            names=tuple(parse(names)),
        )
        for metric, dimension, day, quantity, names, source, org_id, org_name in rows
    }
    return list(newest.values())


def _covered_days(connection: Connection, product: str, key: str) -> set[tuple[str, str]]:
    rows = connection.execute(
        text(
            "SELECT DISTINCT metric, day FROM reading WHERE product = :product AND org_key = :key"
        ),
        {"product": product, "key": key},
    )
    return {(metric, day) for metric, day in rows}
