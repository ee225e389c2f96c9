from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.desired import DesiredAccount, DesiredLine, OrganizationRef, Reference
from reconciler.model.finding import Finding
from reconciler.model.reading import MetricKey, Organization, Series, SourceStatus, Usage
from reconciler.model.settings import FixedUnits, LineSettings, Term
from tests.engine import builders as make
from tests.engine.play import World, brass, codes

D = date
BY_TYPE = "devices-by-type"


def said(world: World, code: str, as_of: date) -> list[str]:
    found: list[Finding] = list(world.plan(as_of).plan.findings)
    return [one.message for one in found if one.code == code]


@pytest.mark.parametrize(
    ("values", "fell"),
    [
        ((10, 10, 0), True),
        ((10, 0, 0), True),
        ((0, 0, 0), False),  # nothing there to fall
        ((10, 0, 3), False),  # it is back
        ((10, 10, None), False),  # unknown is not 0
    ],
)
def test_an_organization_that_fell_to_zero_is_said(
    values: tuple[int | None, ...], fell: bool
) -> None:
    found = said(brass(*values), "USG011", D(2026, 1, 4))
    assert bool(found) == fell
    assert not fell or found == ["datto-rmm: usage fell to 0 of Brass (total-devices)"]


def test_a_fall_at_the_start_of_a_period_is_seen_from_the_period_before() -> None:
    assert said(brass(*[10] * 31, 0), "USG011", D(2026, 2, 2))
    assert not said(brass(*[10] * 28, *[0] * 40), "USG011", D(2026, 3, 10))


def test_falls_of_one_product_are_said_once() -> None:
    names = ("Brass", "Cobalt", "Olive", "Pearl")
    refs = tuple(OrganizationRef(name=name) for name in names)
    account = make.desired_account(organizations={"datto-rmm": refs})
    world = World([account], {(name, "total-devices"): make.series(4, 4, 0) for name in names})
    (message,) = said(world, "USG011", D(2026, 1, 4))
    assert message.endswith("Olive (total-devices) and 1 more")


def by_type(*names: str) -> Term:
    return Term("datto-rmm", BY_TYPE, names or None)


def typed(*terms: Term, **each: int) -> World:
    line = make.line(LineSettings(count=terms), bms_service=Reference(name="Managed Workstation"))
    series = make.dimensioned({name: [quantity] * 4 for name, quantity in each.items()})
    return World([make.desired_account(line)], {("Brass", BY_TYPE): series})


def test_types_that_no_line_counts_are_said_once_per_metric_with_their_quantities() -> None:
    world = typed(by_type("Desktop"), Desktop=4, Printer=2, Server=7, Toaster=0)
    (message,) = said(world, "USG013", D(2026, 1, 5))
    assert message == "datto-rmm devices-by-type: no line counts Server (7), Printer (2)"


def test_a_line_without_of_counts_every_type_and_one_that_subtracts_counts_none() -> None:
    assert not said(typed(by_type(), Desktop=4, Server=7), "USG013", D(2026, 1, 5))
    subtracting = Term("datto-rmm", BY_TYPE, ("Server",), subtract=True)
    world = typed(by_type("Desktop"), subtracting, Desktop=9, Server=7)
    assert said(world, "USG013", D(2026, 1, 5)) == [
        "datto-rmm devices-by-type: no line counts Server (7)"
    ]


def test_a_type_that_an_edit_of_today_leaves_out_is_told_today() -> None:
    world = typed(by_type("Desktop", "Server"), Desktop=4, Server=7)
    world.night(D(2026, 1, 5))
    line = make.line(LineSettings(count=(by_type("Desktop", "Servers"),)))
    world.accounts = [make.desired_account(line)]
    assert said(world, "USG013", D(2026, 1, 5)) == [
        "datto-rmm devices-by-type: no line counts Server (7)"
    ]


def test_a_metric_that_nobody_counts_by_type_is_not_asked_about() -> None:
    world = typed(by_type("Desktop"), Desktop=4)
    line = make.line()
    world.accounts = [make.desired_account(line)]
    world.series["Brass", "total-devices"] = make.series(4, 4, 4, 4)
    world.series["Brass", BY_TYPE] = make.dimensioned({"Server": [3] * 4})
    assert not said(world, "USG013", D(2026, 1, 5))


def empty(days: int, **more: Any) -> World:
    return brass(*[0] * days, units=0, **more)


def test_a_line_at_zero_without_usage_for_long_is_information() -> None:
    (message,) = said(empty(40), "USG014", D(2026, 2, 10))
    assert message == (
        "Managed Services of Brass Building Supplies: 0 units and no usage for 30 days of"
        " Managed Workstation"
    )
    assert not said(empty(20), "USG014", D(2026, 1, 21))


def test_a_line_that_ends_or_is_fixed_at_zero_is_not_idle() -> None:
    def of(line: DesiredLine) -> DesiredAccount:
        return make.desired_account(line)

    fixed = make.line(make.settings(fixed=FixedUnits(0, "paused")))
    assert not said(empty(40, accounts=[of(fixed)]), "USG014", D(2026, 2, 10))
    ended = make.line(last_day=D(2026, 12, 31))
    assert not said(empty(40, accounts=[of(ended)]), "USG014", D(2026, 2, 10))


PRODUCTS = ("datto-edr", "datto-rmm")


def several(*, silent: tuple[str, ...], gone: str | None = None) -> World:
    """Two organizations of two products from one source; some stopped reporting."""
    terms = tuple(Term(product, "total-devices") for product in PRODUCTS)
    names = ("Brass", "Cobalt")
    refs = tuple(OrganizationRef(name=name) for name in names)
    line = make.line(LineSettings(count=terms), bms_service=Reference(name="Managed Workstation"))
    account = make.desired_account(line, organizations=dict.fromkeys(PRODUCTS, refs))

    def of(product: str, name: str) -> Series:
        stopped = product in silent or (name == gone and product == "datto-rmm")
        return make.series(*[4] * (3 if stopped else 9))

    usage = Usage(
        series={MetricKey(p, n, "total-devices"): of(p, n) for p in PRODUCTS for n in names},
        organizations=tuple(Organization(p, n, n) for p in PRODUCTS for n in names),
        sources=(SourceStatus("file usage.csv", PRODUCTS, D(2026, 1, 9), None, 2),),
    )
    return World([account], usage=usage)


AS_OF = D(2026, 1, 10)


def test_a_source_that_is_silent_is_one_finding() -> None:
    found = several(silent=PRODUCTS).plan(AS_OF).plan
    old = [one for one in found.findings if one.code == "USG002"]
    assert [one.message for one in old] == [
        "file usage.csv: nothing since 2026-01-03 of 4 organizations of 2 products"
    ]
    assert old[0].subject.source == "file usage.csv"


def test_a_product_that_is_silent_alone_is_named() -> None:
    assert said(several(silent=("datto-edr",)), "USG002", AS_OF) == [
        "datto-edr: no reading that is recent enough of Brass, Cobalt"
    ]


def test_an_organization_that_vanished_is_told_from_a_silent_source() -> None:
    world = several(silent=(), gone="Cobalt")
    found = codes(world.plan(AS_OF))
    assert "USG012" in found
    assert not {"USG001", "USG002"} & set(found)
    assert said(world, "USG012", AS_OF) == [
        "datto-rmm: others report, and no reading comes of Cobalt"
    ]


def test_the_lines_of_a_vanished_organization_keep_their_units_and_wait() -> None:
    world = several(silent=(), gone="Cobalt")
    world.rows.append((make.a_row(date=D(2026, 1, 1)), 15))
    world.baseline()
    planned = world.plan(AS_OF).plan
    assert {c.because for c in planned.changes} <= {("USG012",)}
    assert planned.verdict == "person-needed"


def test_usage_without_an_account_says_what_it_would_come_to() -> None:
    world = brass(10, 10)
    world.series["Stranger", "total-devices"] = make.series(7, 7)
    planned = world.plan(D(2026, 1, 3))
    (found,) = [one for one in planned.plan.findings if one.code == "USG003"]
    assert found.money == Decimal("140.00")


def test_a_price_of_the_configuration_wins_and_what_one_line_agreed_does_not_count() -> None:
    agreed = make.settings(price=Decimal("12.50"), minimum=50, included=Decimal(3))
    world = brass(10, 10, accounts=[make.desired_account(make.line(agreed))])
    world.series["Stranger", "total-devices"] = make.series(7, 7)
    found = [one for one in world.plan(D(2026, 1, 3)).plan.findings if one.code == "USG003"]
    assert [one.money for one in found] == [Decimal("87.50")]


def test_usage_of_a_product_that_no_line_counts_has_no_price() -> None:
    world = brass(10, 10)
    entry = world.entry(D(2026, 1, 3))
    key = next(iter(entry.usage.series))
    stranger = MetricKey("datto-edr", "Stranger", "total-devices")
    world.usage = Usage(
        series={key: entry.usage.series[key], stranger: make.series(7, 7)},
        organizations=(
            Organization("datto-rmm", "Brass", "Brass"),
            Organization("datto-edr", "Stranger", "Stranger"),
        ),
    )
    found = [one for one in world.plan(D(2026, 1, 3)).plan.findings if one.code == "USG003"]
    assert [one.money for one in found] == [None]
