"""A pull request's plan in one short line, for the status of its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report.money import signed, with_code
from reconciler.report.outside import plain
from reconciler.report.plan_view import misfits, total
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reconciler.model.errors import ReconcilerError
    from reconciler.model.plan import Change, Plan, Standing

PENDING: Final = "What merging this would change is being planned"
UNTOUCHED: Final = "Merging this changes nothing of this configuration"
OVERTAKEN: Final = (
    "No plan of this commit, which came while the one before was being planned: close the pull"
    " request and open it again"
)

_ASIDE: Final[dict[Standing, str]] = {
    "held": "held, and stays so",
    "by-hand": "by hand in BMS",
    "scheduled": "scheduled",
    "observed": "only observed",
}
_HELD: Final = "held, and stay so"


def planned(plan: Plan, beside: Sequence[str] = ()) -> str:
    """What merging it writes, what it does ``beside``, and by number what is not written. What it
    names that does not fit BMS comes first: it is not to be merged so."""
    if plan.verdict == "nothing-checked":
        return "Nothing was checked, which is not the same as being in step"
    written = [change for change in plan.changes if change.standing in ("ready", "proposed")]
    wrong = len(misfits(plan.findings))
    if wrong:
        return "; ".join([f"{counted(wrong, 'error')} to mend before merging", *beside])
    first = _worth(written, plan.currency) if written else "Merging this writes nothing to BMS"
    return "; ".join([first, *beside, *_aside(plan)])


def failed(error: ReconcilerError) -> str:
    """There is no plan, and why."""
    return f"No plan: {plain(error.message)}"


def _worth(changes: list[Change], currency: str) -> str:
    money = with_code(signed(total(changes).monthly, currency), currency)
    lines = counted(len({change.line.key for change in changes}), "line")
    accounts = counted(len({change.line.account_id for change in changes}), "account")
    return f"{money} per month on {lines} of {accounts}"


def _aside(plan: Plan) -> Iterator[str]:
    for standing, words in _ASIDE.items():
        number = sum(change.standing == standing for change in plan.changes)
        if number:
            yield f"{number:,} {_HELD if standing == 'held' and number > 1 else words}"
