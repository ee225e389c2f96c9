"""A simulation with everything that can be said of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reconciler.engine.simulated import Month, NotReplayed, Simulation
from reconciler.model.plan import LineRef

MAY, JUNE = (date(2026, month, 1) for month in (5, 6))
WORKSTATION = LineRef(
    1, "Brass Building Supplies", 10, "Managed Services", 100, "Managed Workstation", "workstation"
)
SERVER = replace(WORKSTATION, service_id=101, bms_service="Managed Server", service="server")
EVIL = replace(WORKSTATION, account_id=2, account="Evil|Co <b>@octocat</b>", contract_id=20)


def month(line: LineRef, day: date, base: str, would: str, missing: int = 0) -> Month:
    steps = ((day, 10), (day.replace(day=16), 12))
    return Month(line, day, Decimal(base), Decimal(would), steps, ((day, 12),), 31, missing)


FOUND = Simulation(
    tenant="Example MSP",
    currency="USD",
    config="c0ffee",
    against=None,
    first=MAY,
    last=JUNE,
    as_of=date(2026, 11, 23),
    months=(
        month(SERVER, MAY, "95.00", "95.00"),
        month(WORKSTATION, MAY, "418.00", "456.00"),
        month(WORKSTATION, JUNE, "1456.00", "1456.00", missing=2),
        month(EVIL, MAY, "200.00", "80.50"),
    ),
    not_replayed=(
        NotReplayed("Brass Building Supplies", "Managed Services", "server", (JUNE,), "no reading"),
        NotReplayed("Cobalt", "Managed", "a", (MAY, JUNE), "nobody knows its units"),
        NotReplayed("Cobalt", "Managed", "b", (MAY, JUNE), "nobody knows its units"),
        NotReplayed("Teal", "", "", (), "no account `Teal` in BMS"),
    ),
    left_alone=2,
)
SAME = replace(FOUND, months=FOUND.months[:1], not_replayed=(), left_alone=0)
NOTHING = replace(FOUND, months=())
AGAINST = replace(FOUND, against="beef", last=MAY)

CASES = pytest.mark.parametrize(
    "found", [FOUND, SAME, NOTHING, AGAINST], ids=["full", "same", "nothing", "against"]
)
