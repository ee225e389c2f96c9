"""Every source is pulled; one that fails is remembered and stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.ledger import Ledger, open_ledger
from reconciler.model.desired import FileSource
from reconciler.model.errors import LedgerError, SourceError
from reconciler.usage import BadRows, import_file, pull
from tests.usage.making import GOOD, HEADER, NOW, TODAY, write

RMM = FileSource("rmm/*.csv")
EDR = FileSource("edr/*.csv")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.db", tenant=None) as opened:
        yield opened


def fill(folder: Path) -> None:
    write(folder, "rmm/a.csv", HEADER, GOOD, GOOD.replace("20,12", "21,13"))
    write(folder, "edr/a.csv", HEADER, GOOD.replace("rmm", "edr"))


def test_every_source_goes_into_the_ledger(tmp_path: Path, ledger: Ledger) -> None:
    fill(tmp_path)
    report = pull([RMM, EDR], tmp_path, ledger, TODAY, NOW)
    assert report.failed == ()
    assert [(one.source, one.readings, one.added) for one in report.sources] == [
        ("file rmm/*.csv", 2, 2),
        ("file edr/*.csv", 1, 1),
    ]
    assert report.sources[0].newest == TODAY - timedelta(days=1)
    assert report.sources[0].organizations == 1
    assert len(ledger.load_usage(TODAY.replace(day=1), TODAY).series) == 2


def test_pulling_again_adds_nothing(tmp_path: Path, ledger: Ledger) -> None:
    fill(tmp_path)
    pull([RMM], tmp_path, ledger, TODAY, NOW)
    (again,) = pull([RMM], tmp_path, ledger, TODAY, NOW).sources
    assert (again.readings, again.added) == (2, 0)


def test_a_source_that_fails_stops_no_other_and_is_remembered(
    tmp_path: Path, ledger: Ledger
) -> None:
    write(tmp_path, "edr/a.csv", HEADER, GOOD.replace("rmm", "edr"))
    report = pull([RMM, EDR], tmp_path, ledger, TODAY, NOW)
    assert [one.source for one in report.failed] == ["file rmm/*.csv"]
    usage = ledger.load_usage(TODAY.replace(day=1), TODAY, [RMM, EDR])
    assert "no file fits" in (usage.sources[0].failed or "")
    assert usage.sources[1].failed is None
    assert len(usage.series) == 1


def test_of_a_source_with_one_bad_row_nothing_is_taken(tmp_path: Path, ledger: Ledger) -> None:
    fill(tmp_path)
    write(tmp_path, "rmm/b.csv", HEADER, GOOD.replace(",12,", ",x,"))
    (failed,) = pull([RMM], tmp_path, ledger, TODAY, NOW).sources
    assert isinstance(failed.failed, BadRows)
    assert failed.readings == 0
    usage = ledger.load_usage(TODAY.replace(day=1), TODAY, [RMM])
    assert usage.series == {}
    assert "b.csv:2" in (usage.sources[0].failed or "")


def test_a_name_the_ledger_cannot_tell_is_a_failure_of_its_source(
    tmp_path: Path, ledger: Ledger
) -> None:
    fill(tmp_path)
    write(tmp_path, "rmm/b.csv", HEADER, GOOD.replace(",7,", ",8,"))
    write(tmp_path, "named/a.csv", HEADER, GOOD.replace(",7,", ",,"))
    report = pull([RMM, FileSource("named/*.csv")], tmp_path, ledger, TODAY, NOW)
    (failed,) = report.failed
    assert "fits the organizations" in str(failed.failed)


def test_a_failing_ledger_is_no_failure_of_a_source(tmp_path: Path, ledger: Ledger) -> None:
    class Full:
        def record_pull(self, *_: object) -> int:
            raise LedgerError("the disk is full")

        def record_failed_pull(self, *_: object) -> None:
            pytest.fail("the source did not fail")

    fill(tmp_path)
    with pytest.raises(LedgerError, match="disk is full"):
        pull([RMM], tmp_path, Full(), TODAY, NOW)


def test_one_file_is_imported_by_hand(tmp_path: Path, ledger: Ledger) -> None:
    path = write(tmp_path, "export [1].csv", HEADER, GOOD)
    done = import_file(path, ledger, TODAY, NOW)
    assert (done.source, done.readings) == ("import export [1].csv", 1)
    assert ledger.newest_readings()[0].source == "import export [1].csv"


def test_an_import_may_stand_for_a_configured_source(tmp_path: Path, ledger: Ledger) -> None:
    path = write(tmp_path, "late.csv", HEADER, GOOD)
    import_file(path, ledger, TODAY, NOW, label=RMM.label)
    (status,) = ledger.load_usage(TODAY.replace(day=1), TODAY, [RMM]).sources
    assert status.newest == TODAY - timedelta(days=2)


def test_an_import_that_is_wrong_is_raised(tmp_path: Path, ledger: Ledger) -> None:
    with pytest.raises(SourceError, match="no such file"):
        import_file(tmp_path / "none.csv", ledger, TODAY, NOW)
    with pytest.raises(BadRows):
        import_file(write(tmp_path, "a.csv", HEADER, "x"), ledger, TODAY, NOW)
    assert ledger.newest_readings() == ()
