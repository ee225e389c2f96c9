"""What the schedule wrote on a day, whichever of its runs did, and whether that run lived."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import cache
from typing import Final

from reconciler.ledger import Ledger
from reconciler.model.desired import DesiredState
from reconciler.model.ledgered import Intent, Settled
from reconciler.model.ledgered import Outcome as Ended
from reconciler.model.outcome import Applied, Result
from reconciler.model.plan import Change
from reconciler.report import plan_json
from reconciler.runs.surroundings import Surroundings

_FIRST: Final = 200
"""So many writes back it is looked first, and ten times as many while they are all of the day."""

_RESULTS: Final[dict[Ended, Result]] = {
    "answered": "done",
    "proved": "done",
    "accepted": "done",
    "refused": "refused",
    "misfit": "does-not-fit",
}
"""What is proved absent was not written, and a later run takes it up anew."""


def written_today(
    around: Surroundings, ledger: Ledger, state: DesiredState, day: date, known: Collection[Applied]
) -> tuple[Applied, ...]:
    """Of earlier runs of the day, oldest first, and then what is ``known`` of this one."""

    @cache
    def changes(plan: str) -> dict[str, Change]:
        content = ledger.load_plan(plan)
        found = plan_json.loads(content).changes if content is not None else ()
        return {change.id: change for change in found}

    told = {one.ref for one in known}
    earlier = []
    for intent, settled in _of(around, ledger, state, day):
        result = _RESULTS.get(settled.outcome) if settled is not None else "in-doubt"
        change = changes(intent.plan).get(intent.change)
        if intent.ref not in told and result is not None and change is not None:
            detail = settled.detail if settled is not None else ""
            earlier.append(Applied(change, result, intent.ref, detail))
    return (*reversed(earlier), *known)


def _of(
    around: Surroundings, ledger: Ledger, state: DesiredState, day: date
) -> Iterator[tuple[Intent, Settled | None]]:
    limit, found = _FIRST, ledger.writes(_FIRST)
    while len(found) == limit and around.today(state, found[-1][0].at) == day:
        limit *= 10
        found = ledger.writes(limit)
    for intent, settled in found:
        if around.today(state, intent.at) != day:
            return
        let = ledger.let_by(intent)
        if let is not None and let.how == "schedule":
            yield intent, settled
