"""Whether a contract's invoices run by the periods that the configuration says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.engine.bound import BoundContract
from reconciler.engine.periods import Schedule
from reconciler.findings import finding
from reconciler.model.bms import Invoice
from reconciler.model.finding import Finding, Subject


def other_periods(found: BoundContract, invoices: Sequence[Invoice]) -> Iterator[Finding]:
    """BMS015 where the newest invoice fits the other kind of periods, and not this one."""
    newest = max(invoices, key=lambda invoice: (invoice.last, invoice.id), default=None)
    if newest is None or _fits(found.schedule, newest):
        return
    schedule = found.schedule
    other = Schedule(
        schedule.start, schedule.cycle, calendar=not schedule.calendar, end=schedule.end
    )
    if not _fits(other, newest):
        return
    said, meant = _kind(schedule), _kind(other)
    contract = found.contract.name
    message = (
        f"{contract} of {found.account.name} is billed by `periods: {said}`, and its newest invoice"
        f" is for {newest.first} to {newest.last}, as by `{meant}`"
    )
    subject = Subject(account=found.account.name, contract=contract)
    yield finding(
        "BMS015",
        message,
        subject=subject,
        origin=found.desired.origin,
        remedy=f"set `billing: {{periods: {meant}}}` for the contract",
    )


def _fits(schedule: Schedule, invoice: Invoice) -> bool:
    """Does it begin where a period does, and end where one does?"""
    if not schedule.holds(invoice.first) or not schedule.holds(invoice.last):
        return False
    begins, ends = schedule.containing(invoice.first), schedule.containing(invoice.last)
    return begins.first == invoice.first and ends.last == invoice.last


def _kind(schedule: Schedule) -> str:
    return "calendar" if schedule.calendar else "contract-start"
