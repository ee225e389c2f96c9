from __future__ import annotations

from pathlib import Path

from reconciler.runs.rehearsal import Rehearsal
from reconciler.runs.stage import set_up


def test_the_acts_follow_from_each_other(tmp_path: Path) -> None:
    with Rehearsal(set_up(tmp_path / "demo")) as show:
        pulled = show.pull()
        assert pulled.readings
        assert show.learn_units()
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
