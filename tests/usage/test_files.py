"""A source of files gives all of its files, or nothing."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.model.errors import SourceError
from reconciler.model.reading import Reading
from reconciler.usage import BadRows
from tests.usage.making import GOOD, HEADER, TODAY, collect, problems, write


def test_files_of_every_kind_give_the_same_reading(tmp_path: Path) -> None:
    expected = Reading(
        "datto-rmm",
        "7",
        "Brass",
        "total-devices",
        "",
        TODAY.replace(day=20),
        Decimal(12),
        "file *",
        ("PC-1", "PC 2"),
    )
    item = (
        '{"product": "datto-rmm", "organization_id": "7", "organization": "Brass",'
        ' "metric": "total-devices", "day": "2026-11-20", "quantity": 12,'
        ' "names": ["PC-1", "PC 2"]}'
    )
    write(tmp_path / "a", "x.csv", HEADER, GOOD + "PC-1; PC 2")
    write(tmp_path / "b", "x.json", f"[{item}]")
    write(tmp_path / "c", "x.jsonl", item, "", item)
    write(tmp_path / "d", "x.NDJSON", item)
    for folder in "abcd":
        assert collect(tmp_path / folder) == [expected]


def test_files_are_read_in_the_order_of_their_names_and_hidden_ones_left_out(
    tmp_path: Path,
) -> None:
    write(tmp_path, "2.csv", HEADER, GOOD.replace("20,12", "21,13"))
    write(tmp_path, "1.csv", HEADER, GOOD)
    write(tmp_path, ".lock.csv", "not usage")
    assert [reading.day.day for reading in collect(tmp_path)] == [20, 21]


def test_a_pattern_may_go_into_folders(tmp_path: Path) -> None:
    write(tmp_path, "usage/2026/11.csv", HEADER, GOOD)
    assert len(collect(tmp_path, "usage/**/*.csv")) == 1
    assert len(collect(tmp_path, str(tmp_path / "usage/2026/11.csv"))) == 1


@pytest.mark.parametrize("pattern", ["*.csv", "no/folder/*.csv", "folder"])
def test_no_file_is_a_failure_and_not_no_usage(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceError, match="no file fits") as caught:
        collect(tmp_path, pattern)
    assert caught.value.where == str(tmp_path / pattern)


def test_the_problems_of_all_files_come_at_once_and_nothing_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, GOOD, GOOD.replace(",12,", ",-1,"))
    write(tmp_path, "b.json", "[{}]")
    write(tmp_path, "c.txt", "x")
    with pytest.raises(BadRows, match="6 problems in usage files") as caught:
        collect(tmp_path)
    assert str(caught.value.problems[0]).startswith("a.csv:3: quantity: -1 is less than 0")
    assert {problem.file for problem in caught.value.problems} == {"a.csv", "b.json", "c.txt"}
    assert caught.value.where == "file *"
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"{HEADER}\n{GOOD}Stra\xdfe\n".encode("latin-1"))
    (found,) = problems(tmp_path)
    assert "not UTF-8" in found.message


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(f"\ufeff{HEADER}\r\n{GOOD}\r\n".encode())
    assert len(collect(tmp_path)) == 1


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "a.csv")
    write(tmp_path, "b.csv", HEADER, GOOD)
    (found,) = problems(tmp_path)
    assert (found.file, found.row) == ("a.csv", 0)
    assert "cannot be read" in found.message


def test_the_same_said_in_two_files_must_agree(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", HEADER, GOOD)
    write(tmp_path, "b.csv", HEADER, GOOD)
    assert len(collect(tmp_path)) == 1
    write(tmp_path, "c.csv", HEADER, GOOD.replace(",12,", ",13,"))
    (found,) = problems(tmp_path)
    assert (found.file, found.row, found.column) == ("c.csv", 2, "quantity")
    assert "12" in found.message
    assert "a.csv:2" in found.message


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(SourceError, match="no file fits the pattern"):
        collect(tmp_path, "*.csv")


def test_a_link_shows_nothing_of_the_machine_that_reads_it(tmp_path: Path) -> None:
    secret = tmp_path / "machine" / "environ"
    secret.parent.mkdir()
    secret.write_text("BMS_PASSWORD=hunter2\n", "utf-8")
    folder = tmp_path / "config"
    write(folder, "x.csv", HEADER, GOOD)
    (folder / "within.csv").symlink_to("x.csv")
    assert len(collect(folder)) == 1
    (folder / "y.csv").symlink_to(secret)
    with pytest.raises(BadRows) as caught:
        collect(folder)
    (told,) = map(str, caught.value.problems)
    assert "y.csv" in told
    assert "a link that leads out" in told
    assert "hunter2" not in told
