"""Something else that keeps changing in BMS what was written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.lines import LineWork
from reconciler.engine.proof import Drifted
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Agreement, KnownFact


def two_writers(outcome: ContractOutcome, agreements: Mapping[int, Agreement]) -> Iterator[Finding]:
    """Drift on rows that we wrote; the contract is held for its drift already."""
    if not isinstance(outcome.proof, Drifted):
        return
    edits = {service for service, _, _ in outcome.proof.edits}
    only = next(iter(edits)) if len(edits) == 1 else None
    for work in outcome.works:
        agreement = agreements.get(work.bound.key.contract_id)
        ours = _ours(work)
        if not ours:
            continue
        moved = [fact for fact in ours if _is_changed(fact, work, agreement)]
        if moved or only == work.bound.service.id:
            yield _finding(work, (moved or ours)[-1])


def _ours(work: LineWork) -> list[KnownFact]:
    """Facts of our own writes that no later word of a person replaced."""
    facts = work.known.facts
    taken = max((i for i, fact in enumerate(facts) if _is_theirs(fact)), default=-1)
    return [f for f in facts[taken + 1 :] if f.source == "reply" and f.row_id is not None]


def _is_theirs(fact: KnownFact) -> bool:
    return fact.source in ("accepted", "hand")


def _is_changed(fact: KnownFact, work: LineWork, agreement: Agreement | None) -> bool:
    row = next((row for row in work.known.rows if row.id == fact.row_id), None)
    if row is None:
        return True
    agreed = {mark.day for mark in agreement.rows if mark.row_id == row.id} if agreement else set()
    newest = [f.day for f in work.known.facts if f.row_id == row.id][-1]
    return row.date != newest and row.date not in agreed


def _finding(work: LineWork, fact: KnownFact) -> Finding:
    ref = work.bound.ref
    facts = work.known.facts
    before = sum(
        1
        for index, one in enumerate(facts)
        if _is_theirs(one) and any(f.source == "reply" for f in facts[:index])
    )
    often = f", as {before} time{'s' if before > 1 else ''} before" if before else ""
    message = (
        f"{ref.bms_service} on {ref.contract} of {ref.account}: what was written here for"
        f" {fact.day} was changed in BMS{often}"
    )
    subject = Subject(account=ref.account, contract=ref.contract, service=ref.service)
    return finding("KNW010", message, subject=subject, origin=work.bound.line.origin)
