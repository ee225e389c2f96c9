"""Units of a line from our own notes on its rows, where no ledger knows them."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.engine.notes import note_in
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey, Row
from reconciler.model.ledgered import KnownFact


def noted(
    line: LineKey, rows: Sequence[Row], template: str | None, assume: Assumptions
) -> tuple[KnownFact, ...]:
    """What the notes say; nothing where a row has none, or they contradict each other."""
    if assume.line_update == "upsert":
        return _whole(line, rows, template)
    return _by_row(line, rows, template)


def _whole(line: LineKey, rows: Sequence[Row], template: str | None) -> tuple[KnownFact, ...]:
    if len(rows) != 1:
        return ()
    row = rows[0]
    note = note_in(template, row.description)
    if note is None or note.units is None:
        return ()
    return (KnownFact(line, row.id, row.date, "set", note.units, "note"),)


def _by_row(line: LineKey, rows: Sequence[Row], template: str | None) -> tuple[KnownFact, ...]:
    """Each row's own change. The units in all would tell neither what a row without a note has,
    nor what it costs."""
    facts: list[KnownFact] = []
    so_far, said = 0, None
    for row in sorted(rows, key=lambda row: row.id):
        note = note_in(template, row.description)
        if note is None or note.change is None:
            return ()
        facts.append(KnownFact(line, row.id, row.date, "add", note.change, "note"))
        so_far, said = so_far + note.change, note.units
    # The newest note counts rows that were there then: one may be gone, or another's.
    return tuple(facts) if said in (None, so_far) else ()
