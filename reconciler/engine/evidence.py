"""Was a write carried out whose answer was lost? Evidence, strongest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

from reconciler.engine.notes import note_in
from reconciler.model.bms import Row
from reconciler.model.ledgered import Intent

SETTLE: Final = timedelta(hours=1)
"""A write may land late; before this time its absence proves nothing."""


@dataclass(frozen=True, slots=True)
class Done:
    """A trace on the line, and the total agrees. ``row_id`` is the row it is on."""

    row_id: int


@dataclass(frozen=True, slots=True)
class NotDone:
    """No trace, the total is the old one, and the time to land has passed."""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Neither is proved."""

    why: str


Judgement: TypeAlias = "Done | NotDone | InDoubt"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is seen in a later read: the line's rows, the contract's total, and the totals that
    the ledger expects with and without the write (either side of a step's day)."""

    rows: Sequence[Row]
    total: Decimal
    without: Collection[Decimal]
    with_it: Collection[Decimal]
    tolerance: Decimal
    """What two amounts may differ by and be the same."""
    now: datetime | None
    note: str | None
    """The note's template."""
    appends: bool = False
    """Does a post add a row?"""
    read: bool = True
    """Were the rows of the line's service asked for?"""


def judge(intent: Intent, scene: Scene) -> Judgement:
    """Done needs a trace and the total; not done needs all absent after `SETTLE`."""
    if not scene.read:
        return InDoubt("the rows of its service were not read")
    if intent.kind == "price":
        return _judge_price(intent, scene)
    trace = _trace(intent, scene)
    after, before = _fits(scene, scene.with_it), _fits(scene, scene.without)
    if trace is not None:
        return Done(trace.id) if after else InDoubt("a trace of it is there; the total differs")
    if not before:
        return InDoubt("no trace of it is there; the total is not the old one")
    if not _leaves_traces(intent, scene):
        return InDoubt("the line can show no trace of it")
    return _after_settling(intent, scene)


def _judge_price(intent: Intent, scene: Scene) -> Judgement:
    priced = [row for row in scene.rows if row.price == intent.price]
    if scene.rows and len(priced) == len(scene.rows):
        return Done(scene.rows[0].id)
    return _after_settling(intent, scene)


def _after_settling(intent: Intent, scene: Scene) -> Judgement:
    if scene.now is None or scene.now - intent.at < SETTLE:
        return InDoubt("it may still land")
    return NotDone()


def _trace(intent: Intent, scene: Scene) -> Row | None:
    for row in scene.rows:
        note = note_in(scene.note, row.description)
        if note is not None and note.ref == intent.ref:
            return row
    before = {mark.row_id: mark.day for mark in intent.rows_before}
    for row in scene.rows:
        if row.id not in before and row.date == intent.day and row.price == intent.price:
            return row
        if row.date == intent.day and before.get(row.id, intent.day) != intent.day:
            return row
    return None


def _leaves_traces(intent: Intent, scene: Scene) -> bool:
    adds_a_row = scene.appends or not intent.rows_before
    moves = any(mark.day != intent.day for mark in intent.rows_before)
    return scene.note is not None or adds_a_row or moves


def _fits(scene: Scene, expected: Collection[Decimal]) -> bool:
    return any(abs(scene.total - value) < scene.tolerance for value in expected)
