"""What a plan says in whole sentences: the verdict, what was checked, what to do next."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reconciler.engine.approvals import awaits_approval
from reconciler.engine.standings import WAITS
from reconciler.model.assumptions import Assumptions
from reconciler.report.money import amount, signed, with_code
from reconciler.report.words import counted, is_forecast, listed, needs_person
from reconciler.report.worth import per_month

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.plan import Change, Checked, Plan, Totals

_UNDER_THE_MONEY: Final = frozenset(
    {"line_update", "negative_units", "total_price", "day_count", "change_day", "part_period"}
)


@dataclass(frozen=True, slots=True)
class Next:
    """Something to do, and the commands for it where there are some."""

    what: str
    commands: tuple[str, ...] = ()


NOTHING: Final = Next("Nothing to do.")


def headline(plan: Plan) -> str:
    """The verdict, for somebody who reads nothing else."""
    if plan.verdict == "nothing-checked":
        return "Nothing was checked, which is not the same as being in step."
    if plan.verdict == "in-step" and not plan.totals.changes:
        looked = _still(plan)
        later = _scheduled(plan, beside=False)
        return " ".join([f"{looked} today.", *later]) if later else f"{looked}."
    parts = [_changes(plan.totals, plan.currency)] if plan.totals.changes else []
    parts += _unapproved(plan)
    waiting = _waiting(plan)
    summed = plan.totals.changes or plan.totals.waiting_changes
    later = _scheduled(plan, beside=bool(summed))
    return " ".join([*parts, *waiting, *later]) or "Nothing is to be written."


def _still(plan: Plan) -> str:
    """Against another commit nothing is said of BMS: what is to change whatever the configuration
    says is in no such plan."""
    looked = f"{_counted_lines(plan.checked)} looked at"
    if plan.base is None:
        return f"In step: {looked}, and nothing is to change"
    return f"Against {short(plan.base)}, {looked}, and no change comes of this configuration"


def undone_again(plan: Plan) -> str | None:
    """What a correction does not do: the next plan counts its lines as ever."""
    if not plan.corrects:
        return None
    return (
        "A correction takes back what was written, and the edit that it came from. Where usage"
        " still says the same, the next plan has these changes again; where the configuration does,"
        " from its own day on. Change the configuration first, or fix the units meanwhile"
        " (`units: {fixed: ..., reason: ...}`)."
    )


def checked(plan: Plan) -> tuple[str, ...]:
    """What the plan looked at, and what weakens it."""
    looked = plan.checked
    newest = looked.newest_day.isoformat() if looked.newest_day else "no day yet"
    return (
        f"{looked.lines_counted:,} of {counted(looked.lines, 'line')} counted up to {newest},"
        f" on {counted(looked.contracts, 'contract')} of {counted(looked.accounts, 'account')},"
        f" from {counted(looked.readings, 'reading')}",
        *unchanged(plan),
        f"organizations: {looked.organizations_mapped:,} mapped,"
        f" {looked.organizations_excluded:,} excluded,"
        f" {looked.organizations_unmapped:,} without an account",
        f"usage sources that failed or are too old: {looked.sources_stale:,}",
    )


def unchanged(plan: Plan) -> tuple[str, ...]:
    """How many lines are in no table, so that nobody wonders what was left out."""
    same = plan.checked.lines - len({change.line for change in plan.changes})
    if not plan.changes or same < 0 or plan.true_up or plan.corrects:
        return ()  # the last two are about the lines they name alone
    verb = "has" if same == 1 else "have"
    return (f"{same:,} of {counted(plan.checked.lines, 'line')} {verb} no change",)


def weaknesses(looked: Checked) -> str | None:
    """Why the numbers may be incomplete, if they may."""
    missing = looked.lines - looked.lines_counted
    parts = []
    if missing > 0:
        parts.append(f"{counted(missing, 'line')} without a complete count")
    if looked.organizations_unmapped:
        unmapped = counted(looked.organizations_unmapped, "organization")
        parts.append(f"{unmapped} without an account")
    if looked.sources_stale:
        parts.append(f"{counted(looked.sources_stale, 'source')} failed or too old")
    return f"Incomplete: {listed(parts)}." if parts else None


def basis(plan: Plan) -> str:
    """From what the plan was made; the same basis gives the same plan."""
    parts = [f"as of {plan.as_of.isoformat()}", f"configuration {short(plan.config)}"]
    if plan.commit:
        parts.append(f"commit {short(plan.commit)}")
    parts += [f"readings {short(plan.readings)}", f"known state {short(plan.known)}"]
    return ", ".join([*parts, f"plan {short(plan.digest)}"])


def assumed(plan: Plan) -> str:
    """The assumptions that the money rests on, and any that is not the default."""
    usual = asdict(Assumptions())
    named = (
        f"{name} {'not set' if value is None else value}"
        for name, value in sorted(plan.assumptions.items())
        if name in _UNDER_THE_MONEY or value != usual.get(name)
    )
    return f"Assumed, since BMS does not document it: {', '.join(named)}."


def next_steps(plan: Plan, accounts: Sequence[str] = ()) -> tuple[Next, ...]:
    """In the order in which to do them; ``accounts``: the plan is of these alone."""
    only = "".join(f" --account {shlex.quote(one)}" for one in accounts)
    standing = {change.standing for change in plan.changes}
    steps = []
    if not plan.checked.readings:
        steps.append(Next("Read usage into the ledger.", ("reconciler usage pull",)))
    if any(map(needs_person, plan.findings)):
        steps.append(Next("Act on the findings marked as needing a person, then plan again."))
    if any(c.standing == "held" and awaits_approval(c) for c in plan.changes):
        what = "Approve what is held, exactly as shown, and merge the file that it writes."
        steps.append(
            Next(what, (_save(plan, only), 'reconciler approve --plan plan.json --reason "..."'))
        )
    if codes := _unapprovable(plan):
        what = "Settle what else is held; no approval lets it be written."
        steps.append(Next(what, tuple(f"reconciler rule {code}" for code in codes)))
    if "by-hand" in standing:
        steps.append(Next("Make the changes listed as by hand in BMS; the next run finds them."))
    if "proposed" in standing:
        steps.append(
            Next(
                "Approve what is proposed: merge the pull request, or save this plan and apply it.",
                (_save(plan, only), "reconciler apply plan.json"),
            )
        )
    if "ready" in standing:
        if "proposed" in standing:
            what = "Write only what is ready, and nothing that waits for approval."
            steps.append(Next(what, (f"reconciler apply{only} --unattended",)))
        else:
            steps.append(Next("Write what is ready.", _apply(plan, only)))
    in_full = not (plan.corrects or plan.true_up or accounts)
    if in_full and plan.checked.organizations_unmapped:
        what = "Map what has usage and no account, or leave it out: nobody is billed for it."
        steps.append(Next(what))
    if in_full and any(one.code == "BMS010" and not one.waived for one in plan.findings):
        steps.append(Next("Write the new names that BMS has into the files, as told above."))
    return tuple(steps) or (NOTHING,)


def _unapprovable(plan: Plan) -> list[str]:
    """Why changes are held that nobody can approve, where no finding says so."""
    told = {found.code for found in plan.findings} | {"POL006"}
    held = (c for c in plan.changes if c.standing == "held" and not awaits_approval(c))
    return sorted({code for change in held for code in change.because} - told)


def _apply(plan: Plan, only: str) -> tuple[str, ...]:
    """What writes just this plan."""
    if plan.corrects:
        return (f"reconciler apply{only}{correcting(plan)}",)
    if plan.true_up is not None:
        return _save(plan, only), "reconciler apply plan.json"
    return (f"reconciler apply{only}",)


def _save(plan: Plan, only: str) -> str:
    month = "" if plan.true_up is None else f" --true-up {plan.true_up.month}"
    return f"reconciler plan{only}{month}{correcting(plan)} --out plan.json"


def correcting(plan: Plan) -> str:
    """The options of a plan that corrects; empty for any other."""
    return "".join(f" --correct {ref}" for ref in plan.corrects)


def short(digest: str) -> str:
    """Enough of a digest to tell two apart."""
    return digest.removeprefix("sha256:")[:12]


def _changes(totals: Totals, currency: str) -> str:
    monthly = _worth(totals.monthly, currency)
    prorated = with_code(signed(totals.prorated, currency), currency)
    changes = counted(totals.changes, "change")
    return (
        f"{changes} on {counted(totals.accounts, 'account')}: {monthly},"
        f" and {prorated} prorated up to the end of the current period."
    )


def _worth(monthly: Decimal, currency: str) -> str:
    text = with_code(amount(abs(monthly), currency), currency)
    if signed(monthly, currency) == amount(monthly, currency) == amount(abs(monthly), currency):
        return "no difference per month"
    return f"{text} {'more' if monthly > 0 else 'less'} billed per month"


def _unapproved(plan: Plan) -> list[str]:
    """What of these changes no night writes by itself. Against another commit a merge does."""
    some = [change for change in plan.changes if change.standing == "proposed"]
    if plan.base is not None or not some:
        return []
    if len(some) < plan.totals.changes:
        waits = "waits" if len(some) == 1 else "wait"
        money = per_month(some, plan.currency)
        return [f"{len(some):,} of them {waits} for approval, {money}."]
    return ["It waits for approval." if len(some) == 1 else "All of them wait for approval."]


def _waiting(plan: Plan) -> list[str]:
    totals = plan.totals
    if not totals.waiting_changes:
        blocked = sum(map(needs_person, plan.findings))
        if plan.verdict != "person-needed" or not blocked:
            return []
        return [f"{counted(blocked, 'finding needs', 'findings need')} a person."]
    waiting = [change for change in plan.changes if change.standing in WAITS]
    money = per_month(waiting, plan.currency)
    other = "other " if _unapproved(plan) else ""
    waits = counted(totals.waiting_changes, f"{other}change waits", f"{other}changes wait")
    once = sum((change.money.prorated for change in waiting), Decimal(0))
    # What lies under invoices alone comes once, and not every month.
    more = f", {with_code(signed(once, plan.currency), plan.currency)} once"
    alone = once and not totals.waiting_monthly
    return [f"{waits} for a person, {money}{more if alone else ''}."]


def _scheduled(plan: Plan, *, beside: bool) -> list[str]:
    """What has a later day, or waits for the month to be over; ``beside``: and is in no sum that
    was told before."""
    waiting = [change for change in plan.changes if change.standing == "scheduled"]
    later = [change for change in waiting if not is_forecast(change)]
    forecast = [change for change in waiting if is_forecast(change)]
    out = []
    if later:
        what = counted(len(later), "scheduled change")
        first = min(change.day for change in later)
        out.append(f"{what} from {first} on, {per_month(later, plan.currency)}")
    if forecast:
        waits = counted(len(forecast), "change that waits", "changes that wait")
        out.append(f"{waits} until the month is over, {per_month(forecast, plan.currency)}")
    return [f"{'Not in that' if beside else 'Later'}: {'; '.join(out)}."] if out else []


def _counted_lines(looked: Checked) -> str:
    verb = "was" if looked.lines_counted == 1 else "were"
    return f"{counted(looked.lines_counted, 'line')} {verb}"


def section_title(title: str, changes: Sequence[Change], currency: str) -> str:
    """``Held: 2 changes, +900.00 USD per month``."""
    return f"{title}: {counted(len(changes), 'change')}, {per_month(changes, currency)}"
