"""A plan can tell how old and how broken each source is."""

from __future__ import annotations

from datetime import timedelta

from reconciler.ledger import Ledger
from reconciler.model.desired import FileSource
from reconciler.model.reading import SourceStatus
from tests.ledger.making import NOW, day, reading

SOURCE = FileSource("usage/*.csv", max_age_days=3)


def status(ledger: Ledger) -> SourceStatus:
    (found,) = ledger.load_usage(day(1), day(30), [SOURCE]).sources
    return found


def test_a_source_never_pulled_has_nothing(ledger: Ledger) -> None:
    assert status(ledger) == SourceStatus("file usage/*.csv", (), None, None, 3, None)


def test_a_source_says_its_newest_day_and_its_products(ledger: Ledger) -> None:
    ledger.record_pull(SOURCE.label, [reading(5, 1), reading(3, 1)], NOW)
    ledger.record_pull(SOURCE.label, [reading(4, 1, product="datto-edr")], NOW)
    assert status(ledger) == SourceStatus(
        SOURCE.label, ("datto-edr", "datto-rmm"), day(5), None, 3, NOW
    )


def test_a_failure_is_shown_and_what_was_given_before_stays(ledger: Ledger) -> None:
    later = NOW + timedelta(hours=1)
    ledger.record_pull(SOURCE.label, [reading(5, 1)], NOW)
    ledger.record_failed_pull(SOURCE.label, "no file", later)
    found = status(ledger)
    assert (found.failed, found.newest, found.products, found.at) == (
        "no file",
        day(5),
        ("datto-rmm",),
        later,
    )


def test_a_good_pull_ends_the_failure(ledger: Ledger) -> None:
    ledger.record_failed_pull(SOURCE.label, "no file", NOW)
    ledger.record_pull(SOURCE.label, [reading(5, 1)], NOW)
    assert status(ledger).failed is None


def test_other_sources_do_not_count(ledger: Ledger) -> None:
    ledger.record_pull("file other.csv", [reading(5, 1)], NOW)
    assert status(ledger).newest is None
