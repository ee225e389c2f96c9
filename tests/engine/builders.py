"""Small pieces to build cases from: readings, settings, lines, contracts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reconciler.engine.day_runs import Input
from reconciler.engine.periods import Schedule
from reconciler.model.approval import Approval
from reconciler.model.bms import Account, CatalogueService, Contract, LineKey, Row
from reconciler.model.desired import (
    Billing,
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    OrganizationRef,
    Reference,
)
from reconciler.model.ledgered import KnownFact
from reconciler.model.place import Origin
from reconciler.model.plan import Change
from reconciler.model.reading import MetricKey, Series, Span, TypeKey
from reconciler.model.settings import DatedSettings, LineSettings, Term

D = date
START = date(2026, 1, 1)
ONE_DAY = timedelta(days=1)
ORIGIN = Origin("billing-config/accounts/brass.yaml")
TERM = Term("datto-rmm", "total-devices")
KEY = LineKey(1, 10, 100)


def types_of(accounts: Iterable[DesiredAccount]) -> frozenset[TypeKey]:
    """What the counts of their lines name."""
    lines = (line for one in accounts for contract in one.contracts for line in contract.lines)
    terms = (term for line in lines for dated in line.settings for term in dated.settings.count)
    return frozenset(
        TypeKey(term.product, term.metric, name)
        for term in terms
        if isinstance(term.of, tuple)
        for name in term.of
    )


def days(first: date, last: date) -> list[date]:
    """Every day of ``first..last``."""
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def series(*values: int | Decimal | None, first: date = START) -> Series:
    """One quantity per day from ``first``; None: no reading that day."""
    return dimensioned({"": values}, first=first)


def dimensioned(
    values: Mapping[str, Sequence[int | Decimal | None]], first: date = START
) -> Series:
    """The same with dimensions; a day is covered when the first dimension has a value."""
    given = next(iter(values.values()))
    day_of = [first + n * ONE_DAY for n in range(len(given))]
    covered = _runs([d for d, value in zip(day_of, given, strict=True) if value is not None])
    spans = {
        name: tuple(
            (d, d, Decimal(value))
            for d, value in zip(day_of, quantities, strict=True)
            if value is not None
        )
        for name, quantities in values.items()
    }
    return Series(covered, {name: _joined(spans[name]) for name in spans})


def _runs(of: Iterable[date]) -> tuple[tuple[date, date], ...]:
    out: list[tuple[date, date]] = []
    for day in of:
        if out and day == out[-1][1] + ONE_DAY:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return tuple(out)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    out: list[Span] = []
    for span in spans:
        if out and out[-1][2] == span[2] and out[-1][1] + ONE_DAY == span[0]:
            out[-1] = (out[-1][0], span[1], span[2])
        else:
            out.append(span)
    return tuple(out)


def an_input(
    found: Series | None,
    *,
    subtract: bool = False,
    of: tuple[str, ...] | None = None,
    organization: str = "org-1",
    since: date | None = None,
    but: tuple[str, ...] = (),
) -> Input:
    key = MetricKey("datto-rmm", organization, "total-devices")
    return Input(key, found, of, subtract, since, None, but)


def settings(**values: Any) -> LineSettings:
    return LineSettings(count=(TERM,), **values)


def line(
    *dated: LineSettings | DatedSettings,
    service: str = "managed-workstation",
    bms_service: Reference | None = None,
    start: date | None = None,
    last_day: date | None = None,
) -> DesiredLine:
    entries = [
        entry if isinstance(entry, DatedSettings) else DatedSettings(date.min, entry)
        for entry in dated or (settings(),)
    ]
    wanted = bms_service or Reference(name="Managed Workstation")
    return DesiredLine(service, wanted, tuple(entries), ORIGIN, start=start, last_day=last_day)


def monthly(start: date = START, end: date | None = None) -> Schedule:
    return Schedule(start, "monthly", calendar=True, end=end)


def a_contract(**values: Any) -> Contract:
    given: dict[str, Any] = {
        "id": 10,
        "account_id": 1,
        "name": "Managed Services",
        "type": "Recurring Service",
        "status": "Active",
        "billing_cycle": "Monthly",
        "start": START,
        "end": date(2027, 12, 31),
        "total": Decimal(0),
    }
    return Contract(**{**given, **values})


def a_row(**values: Any) -> Row:
    given: dict[str, Any] = {
        "id": 1000,
        "contract_id": 10,
        "account_id": 1,
        "service_id": 100,
        "name": "Managed Workstation",
        "description": "",
        "date": START,
        "price": Decimal("20.00"),
        "cost": Decimal(5),
    }
    return Row(**{**given, **values})


def fact(units: int, day: date = START, **values: Any) -> KnownFact:
    given: dict[str, Any] = {
        "line": KEY,
        "row_id": 1000,
        "day": day,
        "effect": "add",
        "units": units,
        "source": "baseline",
    }
    return KnownFact(**{**given, **values})


ACCOUNT = Account(1, "Brass Building Supplies")
WORKSTATION = CatalogueService(100, "Managed Workstation", Decimal("20.00"), Decimal(5))
SERVER = CatalogueService(101, "Managed Server", Decimal("45.00"), Decimal(9))


def approval(change: Change, **values: Any) -> Approval:
    """One that fits the change in every field."""
    ref = change.line
    given: dict[str, Any] = {
        "change": change.id,
        "account": ref.account,
        "contract": ref.contract,
        "service": ref.service,
        "from_units": change.units_before,
        "to_units": change.units_after,
        "day": change.day,
        "monthly": change.money.monthly,
        "reason": "new office",
        "origin": ORIGIN,
    }
    return Approval(**{**given, **values})


def desired_account(*lines: DesiredLine, **values: Any) -> DesiredAccount:
    """One account with one contract that has these lines."""
    contract = DesiredContract(
        Reference(name="Managed Services"), Billing(), tuple(lines or (line(),)), ORIGIN
    )
    given: dict[str, Any] = {
        "account": Reference(name="Brass Building Supplies"),
        "mode": "apply",
        "organizations": {"datto-rmm": (OrganizationRef(name="Brass"),)},
        "contracts": (contract,),
        "origin": ORIGIN,
    }
    return DesiredAccount(**{**given, **values})
