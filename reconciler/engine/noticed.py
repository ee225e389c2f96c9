"""What a plan notices beside its changes: usage that went away, and other writers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.entry import PlanInput
from reconciler.engine.organizations import Directory
from reconciler.engine.quiet import fallen, idle, uncounted_types
from reconciler.engine.writers import two_writers
from reconciler.model.finding import Finding


def noticed(
    outcomes: Sequence[ContractOutcome], directory: Directory, entry: PlanInput
) -> Iterator[Finding]:
    """Of every contract that the plan looked at."""
    works = [work for outcome in outcomes for work in outcome.works]
    yield from fallen(works, directory, entry.as_of)
    yield from uncounted_types(works, entry.as_of)
    yield from idle(works, entry.as_of)
    agreements = {one.contract_id: one for one in entry.remembered.agreements}
    for outcome in outcomes:
        yield from two_writers(outcome, agreements)
