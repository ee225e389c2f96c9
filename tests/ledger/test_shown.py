"""A person sees the newest readings, under the names of today."""

from __future__ import annotations

from reconciler.ledger import Ledger
from tests.ledger.making import NOW, day, reading


def fill(ledger: Ledger) -> None:
    ledger.record_pull(
        "s",
        [
            reading(1, 5),
            reading(2, 6, names=("PC-1", "PC-2")),
            reading(1, 3, id="8", name="Oak"),
            reading(1, 2, product="datto-edr"),
        ],
        NOW,
    )


def shown(ledger: Ledger, **by: object) -> list[tuple[str, str | None, int, str]]:
    found = ledger.newest_readings(**by)  # type: ignore[arg-type]
    return [(one.product, one.organization, one.day.day, str(one.quantity)) for one in found]


def test_each_metric_is_shown_on_its_newest_day(ledger: Ledger) -> None:
    fill(ledger)
    assert shown(ledger) == [
        ("datto-edr", "Brass", 1, "2"),
        ("datto-rmm", "Brass", 2, "6"),
        ("datto-rmm", "Oak", 1, "3"),
    ]


def test_readings_are_found_by_product_organization_and_day(ledger: Ledger) -> None:
    fill(ledger)
    assert shown(ledger, product="datto-edr") == [("datto-edr", "Brass", 1, "2")]
    assert shown(ledger, organization="8") == [("datto-rmm", "Oak", 1, "3")]
    assert shown(ledger, organization="Oak") == shown(ledger, organization="8")
    assert shown(ledger, product="datto-rmm", organization="7", day=day(1)) == [
        ("datto-rmm", "Brass", 1, "5")
    ]
    assert shown(ledger, day=day(9)) == []


def test_the_names_counted_are_shown(ledger: Ledger) -> None:
    fill(ledger)
    (found,) = ledger.newest_readings(product="datto-rmm", organization="7")
    assert found.names == ("PC-1", "PC-2")
    assert found.organization_id == "7"


def test_a_type_that_is_gone_is_not_shown_and_an_answer_of_nothing_is(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, "Desktop"), reading(1, 2, "Laptop")], NOW)
    ledger.record_pull("s", [reading(1, 5, "Desktop")], NOW)
    assert [one.dimension for one in ledger.newest_readings()] == ["Desktop"]
    ledger.record_pull("s", [reading(1, 0, "Desktop")], NOW)
    assert [one.quantity for one in ledger.newest_readings()] == [0]
