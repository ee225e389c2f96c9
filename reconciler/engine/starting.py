"""Starting units, as a person read them in BMS: what becomes of each row of the file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from reconciler.engine.known import replay
from reconciler.model.bms import LineKey, Row
from reconciler.model.ledgered import KnownFact


@dataclass(frozen=True, slots=True)
class Given:
    """One row of the file; ``number`` is its line there. Ids may be left empty."""

    number: int
    row_id: int
    units: int
    day: date
    service_id: str = ""
    contract_id: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Units to learn."""

    given: Given
    fact: KnownFact


@dataclass(frozen=True, slots=True)
class Corrected:
    """Units that an earlier file had wrong, on a contract that nothing was written to since."""

    given: Given
    fact: KnownFact


@dataclass(frozen=True, slots=True)
class KnownAlready:
    """The ledger says the same, or knows what the line has in all."""


@dataclass(frozen=True, slots=True)
class NotManaged:
    """Of a line that the configuration does not name: BMS is not asked for it."""


@dataclass(frozen=True, slots=True)
class Mistaken:
    """Why the row cannot be taken."""

    given: Given
    why: str


Verdict: TypeAlias = "Taken | Corrected | KnownAlready | NotManaged | Mistaken"


@dataclass(frozen=True, slots=True)
class Before:
    """What BMS shows and the ledger knows before the file is taken."""

    rows: Mapping[int, Row]
    managed: frozenset[int]
    """Ids of the rows whose lines the configuration names."""
    searched: frozenset[str]
    """Services whose every row was read."""
    wide: frozenset[str]
    """Contracts whose every row was read."""
    catalogue: frozenset[str]
    """Every service that BMS has."""
    facts: Mapping[LineKey, Sequence[KnownFact]]
    by_row: Mapping[int, LineKey]
    """The lines of the rows that the ledger knows."""
    correctable: frozenset[int]
    """Contracts where nothing was written, and BMS shows the total that was last agreed."""
    effect: Literal["add", "set"]
    now: datetime


def verdict_on(given: Given, before: Before) -> Verdict:
    """What becomes of the row."""
    row = before.rows.get(given.row_id)
    line = _line(row) if row is not None else before.by_row.get(given.row_id)
    facts = before.facts.get(line, ()) if line is not None else ()
    slip = _slip(given, row, facts) if row is not None else None
    if slip is not None:
        return Mistaken(given, f"row {given.row_id} is {slip} in the file")
    known = units_of_row(facts, given.row_id)
    if known is not None:
        return _again(given, row, known, facts, before)
    if row is None:
        return _not_read(given, before)
    if given.row_id not in before.managed:
        return NotManaged()
    if in_all(facts):
        return KnownAlready()
    return Taken(given, _fact(row, given.units, before))


def _slip(given: Given, row: Row, facts: Sequence[KnownFact]) -> str | None:
    """Where the file says something else than BMS of which row it is."""
    for what, theirs, ours in (
        ("service", row.service_id, given.service_id),
        ("contract", row.contract_id, given.contract_id),
    ):
        if ours not in ("", str(theirs)):
            return f"of {what} {theirs} in BMS and of {ours}"
    # A write may have moved the row since the file was made.
    moved = any(fact.source != "baseline" for fact in facts)
    if row.date != given.day and not moved:
        return f"dated {row.date} in BMS and {given.day}"
    return None


def _not_read(given: Given, before: Before) -> Mistaken | NotManaged:
    """A row that was not seen is let pass only where it is of a service nobody asked BMS for."""
    if given.service_id in before.searched or given.contract_id in before.wide:
        where = "of that service" if given.service_id in before.searched else "on that contract"
        return Mistaken(given, f"BMS has no row {given.row_id} {where}")
    if not given.service_id:
        return Mistaken(
            given,
            f"BMS shows no row {given.row_id} of a line that the configuration names; if it is of"
            " another service, give its service_id",
        )
    if given.service_id not in before.catalogue:
        return Mistaken(given, f"BMS has no service {given.service_id}")
    return NotManaged()


def by_line(facts: Iterable[KnownFact]) -> Mapping[LineKey, Sequence[KnownFact]]:
    """What is known of each line."""
    lines: dict[LineKey, list[KnownFact]] = defaultdict(list)
    for fact in facts:
        lines[fact.line].append(fact)
    return dict(lines)


def units_of_row(facts: Iterable[KnownFact], row_id: int) -> int | None:
    """What was learned about one row, a correction counted with what it corrects."""
    units: int | None = None
    for fact in facts:
        if fact.row_id == row_id:
            adds = fact.effect == "add" and units is not None
            units = units + fact.units if adds and units is not None else fact.units
    return units


def in_all(facts: Iterable[KnownFact]) -> bool:
    """Is it known what the line has over all its rows, whatever each of them has?"""
    return any(fact.effect == "set" and fact.row_id is None for fact in facts)


def below_zero(taken: Sequence[Taken | Corrected], before: Before) -> Iterator[Mistaken]:
    """A row may be a credit under append; with what is known already no line falls below 0."""
    for one in taken:
        new = (other.fact for other in taken if other.fact.line == one.fact.line)
        timeline = replay((*before.facts.get(one.fact.line, ()), *new))
        _, units = timeline.steps[-1]
        if units is not None and units < 0:
            yield Mistaken(
                one.given,
                f"row {one.given.row_id}: the line would have {units} units in all",
            )


def _again(
    given: Given, row: Row | None, known: int, facts: Sequence[KnownFact], before: Before
) -> Verdict:
    if known == given.units:
        return KnownAlready()
    ours = row is not None and row.contract_id in before.correctable
    if row is None or not ours or any(fact.source != "baseline" for fact in facts):
        return Mistaken(
            given,
            f"row {given.row_id} has {known} units in the ledger and {given.units} in the file;"
            " what was learned wrong is corrected by `reconciler drift --accept`",
        )
    units = given.units if before.effect == "set" else given.units - known
    return Corrected(given, _fact(row, units, before))


def _fact(row: Row, units: int, before: Before) -> KnownFact:
    return KnownFact(
        _line(row),
        row.id,
        row.date,
        before.effect,
        units,
        "baseline",
        recorded_at=before.now,
    )


def _line(row: Row) -> LineKey:
    return LineKey(row.account_id, row.contract_id, row.service_id)
