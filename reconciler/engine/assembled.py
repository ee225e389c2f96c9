"""A plan put together: what was checked, totals, verdict, digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Final

from reconciler.engine.digests import digest, plan_digest
from reconciler.engine.entry import PlanInput
from reconciler.engine.part import Part
from reconciler.engine.standings import WAITS, WRITES
from reconciler.findings import finding
from reconciler.model.finding import Finding
from reconciler.model.plan import Change, Checked, LineRef, Plan, Totals, TrueUp, Verdict

FORMAT_VERSION: Final = "1.1"


def checked_of(entry: PlanInput, part: Part, unmapped_count: int, excluded: int) -> Checked:
    """What was looked at."""
    newest = max((series.newest for series in entry.usage.series.values()), default=None)
    return Checked(
        accounts=part.counts.accounts,
        contracts=part.counts.contracts,
        lines=part.counts.lines,
        lines_counted=part.counts.lines_counted,
        readings=sum(
            (last - first).days + 1
            for series in entry.usage.series.values()
            for first, last in series.covered
        ),
        organizations_mapped=len(part.claimed),
        organizations_excluded=excluded,
        organizations_unmapped=unmapped_count,
        sources_stale=sum(
            1
            for status in entry.usage.sources
            if status.failed is not None
            or status.newest is None
            or (entry.as_of - status.newest).days > max(status.max_age_days, 1)
        ),
        newest_day=newest,
    )


def assembled(
    entry: PlanInput,
    changes: list[Change],
    findings: list[Finding],
    checked: Checked,
    true_up: TrueUp | None = None,
) -> Plan:
    """Sorted, summed up, judged and digested."""
    if _nothing(checked) and not any(found.code == "TRU003" for found in findings):
        message = f"{checked.lines} lines and {checked.readings} readings were looked at"
        findings = [*findings, finding("USG007", message)]
    changes = _in_plan_order(changes)
    findings = sorted(set(findings), key=_finding_order)
    assumptions = asdict(entry.state.assumptions)
    known = digest(_known_parts(entry))
    plan = Plan(
        format_version=FORMAT_VERSION,
        tenant=entry.state.tenant,
        currency=entry.state.currency,
        ledger=entry.remembered.ledger_id,
        config=entry.state.digest,
        commit=entry.commit,
        as_of=entry.as_of,
        readings=entry.usage.digest,
        known=known,
        assumptions=assumptions,
        checked=checked,
        changes=tuple(changes),
        findings=tuple(findings),
        totals=_totals(changes),
        verdict=_verdict(changes, findings, checked),
        digest="",
        true_up=true_up,
        corrects=tuple(intent.ref for intent in entry.corrects),
        base=entry.base,
    )
    return replace(plan, digest=plan_digest(plan))


def _known_parts(entry: PlanInput) -> Iterable[object]:
    yield len(entry.remembered.facts) + entry.remembered.facts_elsewhere
    for contract in sorted(entry.seen.contracts, key=lambda c: c.id):
        yield f"{contract.id} {contract.total}"
    for intent in entry.remembered.open_intents:
        yield intent.ref


def _in_plan_order(changes: Iterable[Change]) -> list[Change]:
    """By line; the changes of each stay in the order in which they are written."""
    return sorted(changes, key=lambda change: _line_order(change.line))


def _line_order(ref: LineRef) -> tuple[object, ...]:
    names = (ref.account, ref.contract, ref.service)
    return (*names, ref.account_id, ref.contract_id, ref.service_id)


def _finding_order(found: Finding) -> tuple[object, ...]:
    rank = {"error": 0, "warning": 1, "info": 2}[found.severity]
    rest = repr((found.subject, found.origin, found.money, found.remedy))
    return (rank, found.code, found.message, rest)


def _totals(changes: Sequence[Change]) -> Totals:
    writes = [change for change in changes if change.standing in WRITES]
    waits = [change for change in changes if change.standing in WAITS]
    return Totals(
        changes=len(writes),
        accounts=len({change.line.account_id for change in writes}),
        monthly=sum((change.money.monthly for change in writes), Decimal(0)),
        prorated=sum((change.money.prorated for change in writes), Decimal(0)),
        waiting_changes=len(waits),
        waiting_monthly=sum((change.money.monthly for change in waits), Decimal(0)),
    )


def _nothing(checked: Checked) -> bool:
    return not checked.lines or not checked.readings


def _verdict(changes: Sequence[Change], findings: Sequence[Finding], checked: Checked) -> Verdict:
    if _nothing(checked):
        return "nothing-checked"
    standings = Counter(change.standing for change in changes)
    # A source that failed or fell silent is an error: no change is not the same as in step then.
    needs = any(found.blocks or found.severity == "error" for found in findings)
    if needs or any(standings[s] for s in WAITS):
        return "person-needed"
    return "changes" if any(standings[s] for s in WRITES) else "in-step"
