from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reconciler.cli.files import FileError, write_file
from tests.cli.bad import told
from tests.cli.shop import Shop

IMPORTS = "from pathlib import Path; from reconciler.cli.files import write_file;"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("a longer text than the new one")
    write_file(file, "new")
    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_the_old_file_stays_where_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("old")
    (tmp_path / "plan.json.part").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_file(file, "new")
    assert file.read_text() == "old"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, there: bool) -> None:
    target, link = tmp_path / "kept" / "plan.json", tmp_path / "newest.json"
    target.parent.mkdir()
    if there:
        target.write_text("old")
    link.symlink_to(target)
    write_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


def test_a_pipe_gets_the_text_and_stays(tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    write_file(pipe, "new")
    reader.join(timeout=10)
    assert got == ["new"]
    assert pipe.is_fifo()


def test_a_device_stays_one() -> None:
    write_file(Path(os.devnull), "new")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("into", ["pipe", "file"])
def test_standard_output_gets_it_in_order(tmp_path: Path, into: str) -> None:
    code = f"{IMPORTS} print('one'); write_file(Path('/dev/stdout'), 'two\\n'); print('three')"
    file = tmp_path / "all.txt"
    with file.open("w") as out:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdout=out if into == "file" else subprocess.PIPE,
            text=True,
            check=True,
            timeout=30,
        )
    assert (file.read_text() if into == "file" else done.stdout) == "one\ntwo\nthree\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_named_with_what_to_do(shop: Shop) -> None:
    shown = shop("plan", "--out", "plans/november/plan.json")
    told(
        shown,
        1,
        "there is no folder plans/november",
        "where: plans/november/plan.json",
        "make the folder first",
    )


def test_a_folder_in_the_files_place_is_told(shop: Shop) -> None:
    (shop.folder / "plans").mkdir()
    told(shop("plan", "--out", "plans"), 1, "cannot be written", "plans", "check the path")
    assert list((shop.folder / "plans").iterdir()) == []


def test_a_plan_goes_to_a_link(shop: Shop) -> None:
    (shop.folder / "newest.json").symlink_to("plan.json")
    shop("plan", "--out", "newest.json")
    assert json.loads((shop.folder / "plan.json").read_text(encoding="utf-8"))["changes"]
