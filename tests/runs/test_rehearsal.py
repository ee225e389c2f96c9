from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.runs.rehearsal import Rehearsal
from tests.runs.example import example_copied


def test_the_acts_follow_from_each_other(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.getbasetemp()
    with example_copied(base, tmp_path) as stage, Rehearsal(stage) as show:
        planned = show.plan()
        held = [change for change in planned.changes if change.standing == "held"]
        assert held
        assert show.approve("a test") == len(held)
        done = show.apply()
        assert {entry.result for entry in done.applied} == {"done"}
        assert len(done.applied) == planned.totals.changes + len(held)
        assert not show.plan().totals.changes
        edit = show.edit_by_hand()
        assert edit.after == edit.before + 4
        drifted = [found for found in show.plan().findings if found.code == "KNW002"]
        assert [found.subject.account for found in drifted] == [edit.account]
