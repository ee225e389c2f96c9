"""What two configurations let be written, or leave untold, without a person: where they differ.

Said of the configurations themselves: a guard that is switched off holds nothing back today, and
lets the mistake of tomorrow through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Final, get_args

from reconciler.engine.lapsing import excluded, waived
from reconciler.findings import CODES
from reconciler.model.allowance import Allowance, Kind, Value
from reconciler.model.desired import (
    DesiredAccount,
    DesiredState,
    Guards,
    Reference,
    Shown,
    TrueUps,
)
from reconciler.model.settings import Mode

_KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_MODES: Final[tuple[Mode, ...]] = ("observe", "propose", "apply")
_LOUDNESS: Final[tuple[Shown, ...]] = ("off", "info", "warning", "error")


def allowances(new: DesiredState, old: DesiredState, as_of: date) -> tuple[Allowance, ...]:
    """What loosens comes first. What ended before ``as_of`` counts for nothing."""
    found = [*_everywhere(new, old, as_of), *_of_accounts(new, old, as_of)]
    moved = [one for one in found if one.before != one.after]
    return tuple(sorted(moved, key=lambda one: (not one.loosens, _KINDS.index(one.kind))))


def _everywhere(new: DesiredState, old: DesiredState, as_of: date) -> Iterator[Allowance]:
    yield Allowance("mode", "", old.mode, new.mode, _bolder(new.mode, old.mode))
    yield from _guards(new.guards, old.guards)
    yield from _assumptions(new, old)
    yield from _true_ups(new.true_up, old.true_up)
    yield from _findings(new.shown, old.shown)
    starts, started = new.billing_starts, old.billing_starts
    earlier = starts is not None and (started is None or starts < started)
    yield Allowance("billing_starts", "", started, starts, earlier)
    yield Allowance("invoice_run", "", _run(old), _run(new), loosens=False)
    yield from excluded(new.exclusions, old.exclusions, as_of)


def _of_accounts(new: DesiredState, old: DesiredState, as_of: date) -> Iterator[Allowance]:
    """An account that is new is held against what the old configuration has for all."""
    theirs = {key: account for account in old.accounts for key in _keys(account.account)}
    mine = {key for account in new.accounts for key in _keys(account.account)}
    gone = [one for one in old.accounts if mine.isdisjoint(_keys(one.account))]
    for account in new.accounts:
        same = (theirs[key] for key in _keys(account.account) if key in theirs)
        called_otherwise = (one for one in gone if _same_customer(one, account))
        before = next(same, None) or next(called_otherwise, None)
        yield from _of_account(account, before, old.mode, as_of)


def _of_account(
    account: DesiredAccount, before: DesiredAccount | None, usual: Mode, as_of: date
) -> Iterator[Allowance]:
    name, mode = str(account.account), usual if before is None else before.mode
    yield Allowance("mode", "", mode, account.mode, _bolder(account.mode, mode), name)
    drift = "alert" if before is None else before.on_drift
    yield Allowance("on_drift", "", drift, account.on_drift, loosens=False, account=name)
    waivers, exclusions = ((), ()) if before is None else (before.waivers, before.exclusions)
    yield from waived(account.waivers, waivers, as_of, name)
    yield from excluded(account.exclusions, exclusions, as_of, name)


def _keys(account: Reference) -> Iterator[int | str]:
    """An account that was renamed, or got its id, is the same."""
    if account.id is not None:
        yield account.id
    if account.name is not None:
        yield account.name


def _same_customer(one: DesiredAccount, other: DesiredAccount) -> bool:
    """Whose name is another one, maybe by a slip."""
    same = one.origin.file_name == other.origin.file_name
    return same and bool(one.organizations) and one.organizations == other.organizations


def _bolder(mode: Mode, before: Mode) -> bool:
    return _MODES.index(mode) > _MODES.index(before)


def _guards(new: Guards, old: Guards) -> Iterator[Allowance]:
    was = asdict(old)
    for name, will in asdict(new).items():
        yield Allowance("guard", name, was[name], will, _is_wider(will, was[name]))


def _is_wider(limit: Value, before: Value) -> bool:
    """No limit is the widest one."""
    if isinstance(limit, int | Decimal) and isinstance(before, int | Decimal):
        return limit > before
    return limit is None or limit == "allow"


def _assumptions(new: DesiredState, old: DesiredState) -> Iterator[Allowance]:
    """Until the two without a default are set nothing is written; how a line is updated decides
    what every later write comes to."""
    was = asdict(old.assumptions)
    for name, will in asdict(new.assumptions).items():
        opens = was[name] is None or name == "line_update"
        loosens = will is not None and (opens or will == "accepted")
        yield Allowance("assumption", name, was[name], will, loosens)


def _true_ups(new: TrueUps, old: TrueUps) -> Iterator[Allowance]:
    """What happens where nobody merges is of no account while the schedule writes anyway."""
    looser = _freedom(new) > _freedom(old)
    was = asdict(old)
    for name, will in asdict(new).items():
        yield Allowance("true_up", name, was[name], will, looser)


def _freedom(rules: TrueUps) -> int:
    if rules.by == "schedule":
        return 2
    return 1 if rules.if_unmerged == "apply-within-guards" else 0


def _findings(new: Mapping[str, Shown], old: Mapping[str, Shown]) -> Iterator[Allowance]:
    for code in sorted({*new, *old}):
        usual = CODES[code].severity
        was, will = old.get(code, usual), new.get(code, usual)
        quieter = _LOUDNESS.index(will) < _LOUDNESS.index(was)
        yield Allowance("finding", code, was, will, quieter)


def _run(state: DesiredState) -> str:
    return f"day {state.invoice_run.day}, {state.invoice_run.time:%H:%M}"
