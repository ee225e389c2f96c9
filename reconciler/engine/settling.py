"""How a write without an answer ended, as far as its contract shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from reconciler.engine.contract_input import ContractInput, case_of, known_lines
from reconciler.engine.evidence import Judgement, Scene, judge
from reconciler.engine.known import known_line
from reconciler.engine.proration import half_a_minor_unit
from reconciler.engine.totals import expected_totals
from reconciler.model.ledgered import Intent, KnownFact


def judged_by(
    intent: Intent, entry: ContractInput, facts: Mapping[int, Sequence[KnownFact]]
) -> Judgement:
    """By its line's rows, and by the totals that there would be with it and without it."""
    service = intent.line.service_id
    told = facts.get(service, ())
    scene = Scene(
        rows=entry.rows.get(service, ()),
        total=entry.bound.contract.total,
        without=_totals(entry, facts, intent, told),
        with_it=_totals(entry, facts, intent, (*told, fact_of(intent, None, entry))),
        tolerance=half_a_minor_unit(entry.currency),
        now=entry.now,
        note=entry.note,
        appends=entry.assume.line_update == "append",
        read=entry.wide or service in entry.searched,
    )
    return judge(intent, scene)


def fact_of(intent: Intent, row_id: int | None, entry: ContractInput) -> KnownFact:
    """The units that it brought."""
    upsert = entry.assume.line_update == "upsert"
    return KnownFact(
        line=intent.line,
        row_id=row_id,
        day=intent.day,
        effect="set" if upsert else "add",
        units=intent.posted_units,
        source="note",
        ref=intent.ref,
        recorded_at=intent.at,
        price=intent.price,
    )


def _totals(
    entry: ContractInput,
    facts: Mapping[int, Sequence[KnownFact]],
    intent: Intent,
    told: Sequence[KnownFact],
) -> Sequence[Decimal]:
    """None where no total was agreed: a rest taken from the total itself would fit everything."""
    if entry.agreement is None:
        return ()
    service = intent.line.service_id
    known = known_lines(entry, facts)
    known[service] = known_line(entry.rows.get(service, ()), told, agreed=True)
    return expected_totals(case_of(entry, known, facts))
