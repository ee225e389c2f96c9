"""Whether a contract's invoices run by the periods, and on the side of them, that the configuration
says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.engine.bound import BoundContract
from reconciler.engine.periods import Schedule
from reconciler.findings import finding
from reconciler.model.bms import Invoice
from reconciler.model.finding import Finding, Subject


def invoiced_otherwise(found: BoundContract, invoices: Sequence[Invoice]) -> Iterator[Finding]:
    """BMS015 where the newest invoices show the other kind of periods, or the other side of them:
    what fits neither, or either, says nothing."""
    ordered = sorted(invoices, key=lambda invoice: (invoice.last, invoice.id), reverse=True)
    if ordered:
        yield from _other_periods(found, ordered[0])
        yield from _other_side(found, ordered[:2])


def _other_periods(found: BoundContract, newest: Invoice) -> Iterator[Finding]:
    schedule = found.schedule
    if _fits(schedule, newest):
        return
    other = Schedule(
        schedule.start, schedule.cycle, calendar=not schedule.calendar, end=schedule.end
    )
    if not _fits(other, newest):
        return
    said, meant = _kind(schedule), _kind(other)
    told = f"is for {newest.first} to {newest.last}, as by `{meant}`"
    yield _finding(found, ("periods", said, meant), told)


def _other_side(found: BoundContract, newest: Sequence[Invoice]) -> Iterator[Finding]:
    """Only where the newest two have it, as one may be made early or late by hand; a first one that
    is made before its period is over can only be in advance."""
    if found.billing.at_end:
        if all(one.made is not None and one.made < one.last for one in newest):
            told = f"{_days(newest[0])}, before these were over"
            yield _finding(found, ("invoice", "end", "start"), told)
        return
    late = [one.made for one in newest if one.made is not None and one.made > one.last]
    # Two of one day: somebody caught up on what was left.
    if len(set(late)) > 1:
        told = f"{_days(newest[0])}, and like the one before only when these were over"
        yield _finding(found, ("invoice", "start", "end"), told)


def _days(invoice: Invoice) -> str:
    return f"is for {invoice.first} to {invoice.last}, made on {invoice.made}"


def _finding(found: BoundContract, setting: tuple[str, str, str], told: str) -> Finding:
    key, said, meant = setting
    contract = found.contract.name
    return finding(
        "BMS015",
        f"{contract} of {found.account.name} is billed by `{key}: {said}`, and its newest invoice"
        f" {told}",
        subject=Subject(account=found.account.name, contract=contract),
        origin=found.desired.origin,
        remedy=f"set `billing: {{{key}: {meant}}}` for the contract",
    )


def _fits(schedule: Schedule, invoice: Invoice) -> bool:
    """Does it begin where a period does, and end where one does?"""
    if not schedule.holds(invoice.first) or not schedule.holds(invoice.last):
        return False
    begins, ends = schedule.containing(invoice.first), schedule.containing(invoice.last)
    return begins.first == invoice.first and ends.last == invoice.last


def _kind(schedule: Schedule) -> str:
    return "calendar" if schedule.calendar else "contract-start"
