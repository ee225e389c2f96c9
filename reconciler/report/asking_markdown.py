"""What a pull request says that asks for approval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from reconciler.findings import CODES
from reconciler.findings.by_hand import to_be_done
from reconciler.report import lapsing, sections
from reconciler.report import true_up as month_of
from reconciler.report.outside import markdown
from reconciler.report.words import CAUSES, counted, full_stop, told_why
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.engine.lapses import Lapse
    from reconciler.model.desired import IfUnmerged
    from reconciler.model.finding import Finding
    from reconciler.model.plan import Change, Plan

UNMERGED: Final[dict[IfUnmerged, str]] = {
    "skip": "If nobody merges it by then, a later merge still writes it, and what is dated before"
    " that invoice run is billed a month later; what waits until no plan looks at its days any more"
    " is never billed, nor credited.",
    "apply-within-guards": "If nobody merges it, the last daily run before that writes what the"
    " guards allow.",
}
_LAPSED: Final = "POL007"
_NAMED: Final = 20
_RULES: Final = (
    "Merging this has exactly these numbers written, each as soon as its days are closed. If some"
    " have changed by then, the merge writes nothing, and the next daily run writes those that"
    " still fit and asks for the others again.",
    "To leave a line out, delete its entries from the file on this branch. A branch that somebody"
    " else committed to is left as it is.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Changes that wait for approval; ``lead``: what is said before them."""

    what: str
    lead: tuple[str, ...]
    changes: tuple[Change, ...]
    currency: str
    lapses: tuple[Lapse, ...] = ()
    """What is lost of changes that wait too long, of these and of others."""

    @property
    def title(self) -> str:
        """Of the pull request; nothing from outside is in it."""
        if not self.changes:
            return f"{self.what}: nothing that waits now"
        changes = counted(len(self.changes), "change")
        return f"{self.what}: {changes}, {per_month(self.changes, self.currency)}"

    def text(self, limit: int) -> str:
        """In at most ``limit`` bytes of UTF-8."""
        said = (*self.lead, *lapsing.sentences(self.lapses, self.changes, self.currency))
        head = "\n\n".join(markdown(sentence) for sentence in said)
        rules = "\n".join(["### How this works", "", *(f"- {rule}" for rule in _RULES)])
        room = limit - len(f"{head}\n\n{rules}\n\n".encode())
        rows = [(change, told_why(change, self.currency)) for change in self.changes]
        title = f"Waiting for approval, in {markdown(self.currency)}"
        table = sections.changes(title, rows, self.currency, room)
        return "\n\n".join(filter(None, [head, table, rules]))


def nightly(plan: Plan, changes: Sequence[Change], lapses: Sequence[Lapse] = ()) -> Asked:
    """What the daily run may not write by itself."""
    lead = "The daily run found these changes, and does not write them without a person's consent."
    said = (lead, *_lapsed(plan, changes))
    return Asked("Approve", said, tuple(changes), plan.currency, tuple(lapses))


def over(news: Sequence[Finding]) -> str:
    """Why nothing is asked for any more; what waited until it was lost is not written."""
    lapsed = [found for found in news if found.code == _LAPSED]
    says = [f"Not written, and {lost(found)}" for found in lapsed[:_NAMED]]
    if (more := len(lapsed) - _NAMED) > 0:
        says.append(f"{counted(more, 'more line')} lost days so; this day's plan names them.")
    return "\n\n".join(["Nothing waits for approval any more.", *map(markdown, says)])


def _lapsed(plan: Plan, changes: Sequence[Change]) -> Iterator[str]:
    """What is lost of their lines already: the numbers are others than those of before."""
    lines = {(one.line.account, one.line.contract, one.line.service) for one in changes}
    for found in plan.findings:
        subject = found.subject
        if found.code == _LAPSED and (subject.account, subject.contract, subject.service) in lines:
            yield f"Not in it, and {lost(found)}"


def lost(found: Finding) -> str:
    """What a person is to do of what is lost for good, and why."""
    return f"to be {to_be_done(found)} by hand: {full_stop(found.message)}"


def on_branch(asked: Asked, left: Sequence[Change]) -> Asked:
    """What a branch approves that somebody else committed to. ``left``: what of it it does not."""
    kept = tuple(change for change in asked.changes if change not in left)
    return replace(asked, changes=kept, lead=(*asked.lead, *_on_branch(kept, left, asked.currency)))


def _on_branch(kept: Sequence[Change], left: Sequence[Change], currency: str) -> Iterator[str]:
    what = "approves what is listed here" if kept else "approves none of it"
    yield (
        "Somebody else committed to this branch, so its files stay as they are. Of what waits now,"
        f" it {what}; the comment with its plan has all that merging does."
    )
    if left:
        money = per_month(left, currency)
        waits, them = ("waits too", "it") if len(left) == 1 else ("wait too", "them")
        yield (
            f"{counted(len(left), 'change')} ({money}) {waits}, and this does not approve {them}:"
            f" the next daily run after its merge goes on with {them}."
        )


def monthly(
    plan: Plan,
    changes: Sequence[Change],
    if_unmerged: IfUnmerged,
    lapses: Sequence[Lapse] = (),
) -> Asked:
    """The true-up of a month."""
    made = plan.true_up
    assert made is not None
    lead = f"What {made.month} comes to, for the lines that are set when the month is over."
    said = month_of.sentences(plan, made)
    ahead = () if made.is_over else (UNMERGED[if_unmerged],)
    return Asked(
        f"True-up {made.month}",
        (lead, *said[:1], *ahead, *said[1:], *_lapsed(plan, changes)),
        tuple(changes),
        plan.currency,
        tuple(lapses),
    )


def reason(change: Change) -> str:
    """What the file says of why a change waited."""
    month = []
    if change.month_end is not None:
        month = [f"True-up of the period that ended {change.month_end - timedelta(days=1)}"]
    codes = [code for code in change.because if not code.startswith("TRU")]
    parts = [*month, *(f"{CODES[code].title} ({code})" for code in codes)]
    return "; ".join(parts) or f"Proposed, because of {CAUSES[change.cause]}"
