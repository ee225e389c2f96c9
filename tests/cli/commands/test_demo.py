"""The demo takes a few seconds, so it is played once and looked at many times."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

Played = tuple[subprocess.CompletedProcess[str], Path]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo") / "kept"
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", "demo", "--keep", str(folder)],
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done, folder


def test_it_needs_nothing_and_ends_well(played: Played) -> None:
    done, _ = played
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_it_tells_every_act(played: Played) -> None:
    acts = ("Usage", "Starting units", "Plan", "Approve", "Apply", "Plan again", "Drift")
    places = [played[0].stdout.index(f"{n}. {act}") for n, act in enumerate(acts, start=1)]
    assert places == sorted(places)
    assert "In step:" in played[0].stdout
    assert "BMS is not as it was agreed" in played[0].stdout


def test_its_words(played: Played, snapshot: SnapshotAssertion) -> None:
    done, folder = played
    # A temporary folder's name is as long as it likes, so the sentence with it is left out.
    story, _, _ = done.stdout.partition("Everything is in")
    assert str(folder) not in story
    assert "\n".join(line.rstrip() for line in story.splitlines()) == snapshot


def test_no_line_is_wider_than_the_terminal(played: Played) -> None:
    story, _, _ = played[0].stdout.partition("Everything is in")
    assert max(map(len, story.splitlines())) <= 80


def test_what_it_kept_can_be_gone_on_with(played: Played) -> None:
    _, folder = played
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) >= [
        "baseline.csv",
        "billing-config",
        "ledger.db",
        "sandbox.db",
    ]
    approvals = (folder / "billing-config" / "approvals" / "2026-11.yaml").read_text("utf-8")
    assert "reason: new office" in approvals


def test_it_leaves_a_folder_with_something_in_it_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from reconciler.cli.main import run

    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    assert run(["demo", "--keep", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert "the folder is not empty" in told
    assert str(tmp_path) in told
    assert "what to do: name a new or an empty one" in told
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
