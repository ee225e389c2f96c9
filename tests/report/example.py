"""A plan with every standing, cause and kind of finding, and names that try to break out."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from reconciler.findings import finding
from reconciler.model.assumptions import Assumptions
from reconciler.model.finding import Subject
from reconciler.model.place import Origin
from reconciler.model.plan import Change, Checked, LineRef, Money, Plan, Step, Totals

BRASS = (1001, "Brass Building Supplies")
COBALT = (1002, "Cobalt Freight & Cold Storage of the Greater Lakes Region")
HOSTILE = (1003, "Evil|Corp `rm` <b>@octocat</b> #123\nnext \u202eline")


def line(account: tuple[int, str], service: str, contract: str = "Managed Services") -> LineRef:
    return LineRef(
        account_id=account[0],
        account=account[1],
        contract_id=sum(map(ord, contract)),
        contract=contract,
        service_id=sum(map(ord, service)),
        bms_service=service.replace("-", " ").title(),
        service=service,
    )


def change(name: str, on: LineRef, before: int, after: int, monthly: str, prorated: str) -> Change:
    return Change(
        id=name,
        kind="units",
        line=on,
        day=date(2026, 11, 15),
        units_before=before,
        units_after=after,
        posts=after - before,
        price=Decimal("22.00"),
        price_before=Decimal("22.00"),
        price_from="line",
        money=Money(Decimal(monthly), Decimal(prorated), 16, 30),
        cause="usage",
        mode="apply",
        standing="ready",
    )


CHANGES = (
    change("c01", line(BRASS, "managed-workstation"), 40, 44, "88.00", "46.93"),
    replace(
        change("c02", line(BRASS, "managed-server"), 3, 3, "6.00", "3.20"),
        kind="price", price=Decimal("24.00"), cause="price", posts=0,
    ),
    replace(
        change("c03", line(BRASS, "cloud-backup", "Backup"), 0, 12, "60.00", "32.00"),
        kind="new-line", cause="config", price_from="catalogue", price=Decimal("5.00"),
    ),
    change("c04", line(COBALT, "protected-endpoint"), 1250, 1100, "-825.00", "-440.00"),
    replace(
        change("c05", line(HOSTILE, "mail|box"), 1, 2, "0.085", "0.05"),
        price=Decimal("0.085"),
    ),
    replace(
        change("c06", line(COBALT, "siris-device"), 10, 44, "5100.00", "2720.00"),
        standing="held", because=("GRD001", "GRD002"), cause="fixed",
        steps=(Step("fixed units", "44"),),
    ),
    replace(
        change("c07", line(HOSTILE, "managed-server"), 5, 9, "88.00", "46.93"),
        standing="held", because=("GRD001",),
    ),
    replace(
        change("c08", line(BRASS, "old-backup", "Backup"), 4, 0, "-48.00", "0.00"),
        standing="by-hand", cause="end", because=("MOD004",), day=date(2026, 12, 1),
    ),
    replace(
        change("c09", line(COBALT, "managed-workstation"), 80, 82, "44.00", "23.47"),
        standing="proposed", mode="propose",
    ),
    replace(
        change("c10", line(COBALT, "mailbox"), 90, 85, "-10.00", "0.00"),
        standing="scheduled", day=date(2026, 12, 1),
    ),
    replace(
        change("c11", line((1004, "Denim Dental"), "mailbox"), 20, 21, "2.00", "1.07"),
        standing="observed", mode="observe", cause="correction",
    ),
)  # fmt: skip

FINDINGS = (
    finding(
        "GRD001", "units would move by 340 %, from 10 to 44; the guard is 30 %",
        subject=Subject(account=COBALT[1], contract="Managed Services", service="siris-device"),
        money=Decimal("5100.00"),
    ),
    finding(
        "GRD001", "units would move by 80 %, from 5 to 9; the guard is 30 %",
        subject=Subject(account=HOSTILE[1], contract="Managed Services", service="managed-server"),
        money=Decimal("88.00"),
    ),
    finding(
        "KNW002", "the contract's total is 66.00 USD higher than expected: 3 x Managed Server",
        subject=Subject(account="Ember Estates", contract="Managed Services"),
        money=Decimal("66.00"),
    ),
    finding(
        "KNW005", "the write of 2026-11-21 (ref 7F3A9C) has no answer",
        subject=Subject(account="Fern Foods", contract="Managed Services", service="mailbox"),
    ),
    finding(
        "USG003", "12 total-devices, on no account",
        subject=Subject(product="datto-rmm", organization="Grey Goods"),
    ),
    finding(
        "BMS010", "the account is now called Brass Supplies",
        remedy="write `account: Brass Supplies`",
        subject=Subject(account=BRASS[1]), origin=Origin("accounts/brass.yaml", ("account",)),
    ),
    *(
        finding(
            "USG006", f"2026-11-{number + 5:02} carried from the day before",
            subject=Subject(account=f"Account {number:02}", service="mailbox"),
        )
        for number in range(14)
    ),
)  # fmt: skip

PLAN = Plan(
    format_version="1.0",
    tenant="Example MSP",
    currency="USD",
    ledger="3b1e5f0c",
    config="sha256:" + "ab" * 32,
    commit="3d3c42e5aac5ba805825da76410c181273ba90b1",
    as_of=date(2026, 11, 22),
    readings="sha256:" + "12" * 32,
    known="sha256:" + "34" * 32,
    assumptions=asdict(
        Assumptions(line_update="append", negative_units="refused", page_cap=50)
    ),
    checked=Checked(
        accounts=160, contracts=165, lines=2400, lines_counted=2391, readings=48210,
        organizations_mapped=310, organizations_excluded=2, organizations_unmapped=1,
        sources_stale=0, newest_day=date(2026, 11, 21),
    ),
    changes=CHANGES,
    findings=FINDINGS,
    totals=Totals(6, 3, Decimal("-626.915"), Decimal("-334.35"), 3, Decimal("5140.00")),
    verdict="person-needed",
    digest="sha256:" + "cd" * 32,
)  # fmt: skip

IN_STEP = replace(
    PLAN,
    changes=(),
    findings=(),
    totals=Totals(0, 0, Decimal(0), Decimal(0), 0, Decimal(0)),
    verdict="in-step",
    checked=replace(PLAN.checked, lines_counted=2400, organizations_unmapped=0),
)

NOTHING_CHECKED = replace(
    IN_STEP,
    checked=Checked(),
    verdict="nothing-checked",
    findings=(finding("USG007", "no line was looked at"),),
)
