from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.model.reading import Reading, SourceStatus
from reconciler.report.usage_text import (
    dumps_readings,
    dumps_sources,
    health,
    render_readings,
    render_sources,
)
from tests.report.screen import console, shown

TODAY = date(2026, 11, 22)
SOURCES = (
    SourceStatus("file usage/*.csv", ("datto-rmm", "datto-edr"), date(2026, 11, 21), None, 2),
    SourceStatus("file old/*.csv", ("siris",), date(2026, 11, 10), None, 2),
    SourceStatus("file bad/*.csv", (), date(2026, 11, 21), "row 3: quantity \x1b[1m is '-1'", 2),
    SourceStatus("file new/*.csv", (), None, None, 2),
)
READINGS = (
    Reading(
        "datto-rmm", "17", "Brass [bold]Supplies", "devices-by-type", "Desktop",
        date(2026, 11, 21), Decimal(1250), "file usage/*.csv",
    ),
    Reading(
        "backup", "18", None, "storage", "", date(2026, 11, 21), Decimal("0.100"), "file", ("a",)
    ),
)  # fmt: skip


def test_sources(snapshot: SnapshotAssertion) -> None:
    terminal = console(80)
    render_sources(SOURCES, TODAY, terminal)
    assert shown(terminal) == snapshot


def test_readings(snapshot: SnapshotAssertion) -> None:
    terminal = console(80)
    render_readings(READINGS, terminal)
    assert shown(terminal) == snapshot


def test_the_newest_day_is_whole_beside_a_long_path() -> None:
    terminal = console(60)
    products = ("datto-rmm", "datto-edr", "datto-endpoint-backup-for-servers")
    long = SourceStatus(f"file {'a' * 40}/*.csv", products, date(2026, 11, 21), None, 2)
    render_sources((long,), TODAY, terminal)
    assert "fresh" in shown(terminal)
    assert "2026-11-21" in shown(terminal)


def test_no_source_is_said_to_be_none() -> None:
    terminal = console(80)
    render_sources((), TODAY, terminal)
    assert "no usage source is configured" in shown(terminal)


@pytest.mark.parametrize(
    ("newest", "expected"),
    [(date(2026, 11, 20), "fresh"), (date(2026, 11, 19), "too old"), (None, "empty")],
)
def test_age_counts_up_to_and_including_the_limit(newest: date | None, expected: str) -> None:
    assert health(SourceStatus("s", (), newest, None, 2), TODAY) == expected


def test_a_failure_is_never_called_fresh() -> None:
    assert health(SOURCES[2], TODAY) == "failed"


def test_json_of_sources_says_their_state() -> None:
    states = [source["state"] for source in json.loads(dumps_sources(SOURCES, TODAY))]
    assert states == ["fresh", "too old", "failed", "empty"]


def test_json_of_readings_keeps_every_digit() -> None:
    first, second = json.loads(dumps_readings(READINGS))
    assert first["quantity"] == "1250"
    assert second["quantity"] == "0.100"
    assert second["names"] == ["a"]
