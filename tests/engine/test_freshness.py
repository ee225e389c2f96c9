from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.freshness import Freshness, Silence
from reconciler.engine.lines import LineWork, work
from reconciler.engine.looked_at import opens_on
from reconciler.engine.steps import shown, steps_of
from reconciler.model.desired import Exclusion, OrganizationRef
from reconciler.model.reading import MetricKey, Organization, SourceStatus, Usage
from reconciler.model.settings import FixedUnits
from tests.engine import builders as make
from tests.engine.play import brass, codes
from tests.engine.test_lines import APPEND, NONE, bound

AS_OF = date(2026, 1, 10)


def a_work(*values: Any, first: date = make.START, **more: Any) -> LineWork:
    found = make.series(*values, first=first) if values else None
    line = bound()
    line = type(line)(line.key, make.line(make.settings(**more)), line.contract, line.service, ())
    opens = opens_on(line.contract, AS_OF)
    return work(line, NONE, [make.an_input(found)], opens, AS_OF, APPEND)


def fresh(a: LineWork, *sources: SourceStatus) -> Freshness:
    series = {entry.key: entry.series for entry in a.inputs if entry.series is not None}
    return Freshness(Usage(series=series, sources=sources), AS_OF)


def source(max_age: int = 2, failed: str | None = None) -> SourceStatus:
    return SourceStatus("file a.csv", ("datto-rmm",), date(2026, 1, 9), failed, max_age)


@pytest.mark.parametrize(
    ("count", "max_age", "holds", "said"),
    [
        (9, 2, (), []),
        (8, 2, (), ["USG001"]),
        (7, 2, ("USG002",), ["USG002"]),
        (7, 3, (), ["USG001"]),
        (0, 2, (), ["USG001"]),
    ],
)
def test_a_reading_may_be_as_old_as_its_source_allows(
    count: int, max_age: int, holds: tuple[str, ...], said: list[str]
) -> None:
    a = a_work(*[4] * count)
    checker = fresh(a, source(max_age))
    assert checker.holds(a) == holds
    assert [found.code for found in checker.report()] == said


def test_a_failed_source_holds_the_lines_that_count_its_products() -> None:
    a = a_work(4)
    assert fresh(a, source(failed="no such file")).holds(a) == ("USG004",)
    other = SourceStatus("file b.csv", ("datto-edr",), None, "no such file", 9)
    assert "USG004" not in fresh(a, other).holds(a)


def test_fixed_units_wait_for_no_source() -> None:
    a = a_work(4, fixed=FixedUnits(4, "agreed", None))
    assert fresh(a, source(failed="no such file")).holds(a) == ()


def test_usage_of_a_product_no_line_counts_is_said_until_it_is_excluded() -> None:
    edr = {"datto-edr": (OrganizationRef(name="Brass"),)}
    rmm = {"datto-rmm": (OrganizationRef(name="Brass"),)}

    def said(*rules: Exclusion) -> list[str]:
        account = make.desired_account(organizations={**rmm, **edr}, exclusions=rules)
        world = brass(10, 10, accounts=[account])
        entry = world.entry(date(2026, 1, 3))
        key = next(iter(entry.usage.series))
        world.usage = Usage(
            series={**entry.usage.series, key._replace(product="datto-edr"): make.series(3, 3)},
            organizations=(
                *entry.usage.organizations,
                Organization("datto-edr", "Brass", "Brass"),
            ),
        )
        return codes(world.plan(date(2026, 1, 3)))

    assert said() == ["USG005"]
    assert said(Exclusion("bundled", product="datto-edr")) == []
    assert said(Exclusion("our own", OrganizationRef(name="Brass"), "datto-edr")) == []
    another = Exclusion("our own", OrganizationRef(name="Brass"), "datto-av")
    assert said(another) == ["USG005", "USG008"]
    assert said(Exclusion("bundled", product="datto-edr", until=date(2026, 1, 1))) == ["USG005"]


def test_steps_say_how_a_count_came_about() -> None:
    a = a_work(*[4] * 8, 7, over="peak", minimum=9)
    assert [(step.what, step.value) for step in steps_of(a)] == [
        ("datto-rmm total-devices of org-1 on 2026-01-09", "7"),
        ("peak since 2026-01-01", "7"),
        ("minimum", "9"),
        ("units", "9"),
    ]


def test_steps_name_the_day_of_the_newest_reading() -> None:
    (first, *_, last) = steps_of(a_work(4, 4))
    assert first.value == "no reading after 2026-01-02"
    assert last.value == "unknown"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [(None, "unknown"), ("2.00", "2"), ("2.50", "2.5"), ("0.33333", "0.3333"), ("100", "100")],
)
def test_quantities_are_shown_short(quantity: str | None, text: str) -> None:
    assert shown(None if quantity is None else Decimal(quantity)) == text


def test_before_the_first_reading_of_two_products_the_source_is_told_once() -> None:
    """A plan of a day from which there is nothing yet."""
    both = SourceStatus("file a.csv", ("datto-rmm", "datto-edr"), None, None, 2)
    freshness = Freshness(Usage(series={}, sources=(both,)), AS_OF)
    freshness.silent.update(
        Silence("USG002", product, "Brass", "total-devices")
        for product in ("datto-rmm", "datto-edr")
    )
    (told,) = [one for one in freshness.report() if one.code == "USG002"]
    assert told.message == (
        "file a.csv: nothing before 2026-01-10 of 2 organizations of 2 products"
    )


def missing(*readings: tuple[str, int, Any]) -> str:
    """What is told where ``total-devices`` of org-1 is read; ``readings``: organization, days,
    metric."""
    a = a_work(*[4] * 8)
    (key,) = [entry.key for entry in a.inputs]
    checker = fresh(a, source())
    more = {
        key._replace(organization=who, metric=metric): make.series(*[1] * days)
        for who, days, metric in readings
    }
    checker.usage = replace(checker.usage, series={**checker.usage.series, **more})
    checker.holds(a)
    (told,) = checker.report()
    return told.message


def test_a_metric_is_named_where_others_of_the_same_organization_came() -> None:
    nothing = "datto-rmm: no reading of 2026-01-09 of org-1"
    assert missing() == nothing
    assert missing(("org-2", 9, "firewalls"), ("org-1", 8, "firewalls")) == nothing
    assert missing(("org-1", 9, "firewalls")) == f"{nothing} (total-devices)"


def test_metrics_of_one_organization_are_one_finding() -> None:
    a = a_work(4)
    checker = fresh(a, source())
    checker.usage = replace(
        checker.usage, series={MetricKey("datto-rmm", "org-1", "servers"): make.series(*[1] * 9)}
    )
    checker.silent.update(
        Silence("USG012", "datto-rmm", "org-1", metric) for metric in ("firewalls", "desktops")
    )
    (told,) = checker.report()
    assert told.message.endswith("no reading comes of org-1 (desktops, firewalls)")
