"""Organizations keep their history when a source starts to give ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.ledger import Ledger
from reconciler.model.errors import SourceError
from reconciler.model.reading import MetricKey, Organization
from tests.ledger.making import NOW, day, reading, rows

METRIC = "total-devices"


def keys(ledger: Ledger) -> list[str]:
    return [one.key for one in ledger.organizations()]


def covered(ledger: Ledger, key: str) -> list[tuple[int, int]]:
    series = ledger.load_usage(day(1), day(30)).series[MetricKey("datto-rmm", key, METRIC)]
    return [(first.day, last.day) for first, last in series.covered]


def test_a_name_alone_is_the_key(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, id=None)], NOW)
    assert ledger.organizations() == (Organization("datto-rmm", "Brass", "Brass"),)


def test_an_id_alone_is_key_and_name(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, name=None)], NOW)
    assert ledger.organizations() == (Organization("datto-rmm", "7", "7"),)


def test_a_rename_keeps_the_key_and_the_old_name_is_no_organization(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5)], NOW)
    ledger.record_pull("s", [reading(2, 5, name="Brass & Sons")], NOW)
    assert ledger.organizations() == (Organization("datto-rmm", "7", "Brass & Sons"),)
    assert covered(ledger, "7") == [(1, 2)]


def test_an_id_alone_does_not_forget_the_name(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5)], NOW)
    ledger.record_pull("s", [reading(2, 5, name=None)], NOW)
    assert ledger.organizations()[0].name == "Brass"


def test_an_id_takes_over_the_history_of_its_name(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, id=None), reading(2, 5, id=None)], NOW)
    ledger.record_pull("s", [reading(3, 6)], NOW)
    assert keys(ledger) == ["7"]
    assert covered(ledger, "7") == [(1, 3)]
    assert ledger.check() == []


def test_the_ids_own_answer_wins_over_the_names(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, "A", id=None), reading(1, 2, "B", id=None)], NOW)
    ledger.record_pull("s", [reading(1, 9, "A")], NOW)
    shown = {(one.dimension, str(one.quantity)) for one in ledger.newest_readings()}
    assert shown == {("A", "9")}
    assert ledger.check() == []


def test_a_name_goes_to_the_id_that_bears_it(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5)], NOW)
    ledger.record_pull("other", [reading(2, 6, id=None)], NOW)
    assert keys(ledger) == ["7"]
    assert covered(ledger, "7") == [(1, 2)]


def test_after_the_id_took_over_the_name_alone_still_finds_it(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, id=None)], NOW)
    ledger.record_pull("s", [reading(2, 5, name="Brass")], NOW)
    ledger.record_pull("s", [reading(2, 5, name="Brass & Sons")], NOW)
    ledger.record_pull("s", [reading(3, 5, id=None, name="Brass")], NOW)
    assert keys(ledger) == ["7"]
    assert covered(ledger, "7") == [(1, 3)]
    assert ledger.check() == []


def test_a_name_two_ids_bear_is_refused_and_nothing_taken(ledger: Ledger, path: Path) -> None:
    ledger.record_pull("s", [reading(1, 5), reading(1, 3, id="8")], NOW)
    before = rows(path, "SELECT count(*) FROM reading")
    with pytest.raises(SourceError, match=r"'Brass' fits the organizations with the ids 7, 8"):
        ledger.record_pull("s", [reading(2, 5, id=None)], NOW)
    assert rows(path, "SELECT count(*) FROM reading") == before


def test_a_name_two_ids_bear_keeps_its_own_history(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, id=None)], NOW)
    ledger.record_pull("s", [reading(2, 5), reading(2, 3, id="8")], NOW)
    assert keys(ledger) == ["7", "8", "Brass"]


def test_products_do_not_share_organizations(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(1, 5, id=None)], NOW)
    ledger.record_pull("s", [reading(1, 5, product="datto-edr")], NOW)
    assert [(one.product, one.key) for one in ledger.organizations()] == [
        ("datto-edr", "7"),
        ("datto-rmm", "Brass"),
    ]


def test_a_reading_of_nobody_is_refused(ledger: Ledger) -> None:
    with pytest.raises(SourceError, match="no organization"):
        ledger.record_pull("s", [reading(1, 5, id=None, name=None)], NOW)
