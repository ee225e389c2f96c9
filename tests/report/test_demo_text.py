from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.findings import finding
from reconciler.model.finding import Subject
from reconciler.model.plan import Standing
from reconciler.report.demo_text import Story, is_in_step
from tests.report.example import CHANGES, IN_STEP, PLAN
from tests.report.screen import console, shown

SILENT = finding("USG002", "rocketcyber: no reading that is recent enough of Teal Tech Inc.")


@pytest.mark.parametrize("standing", ["ready", "proposed", "held"])
def test_an_open_change_is_not_in_step(standing: Standing) -> None:
    assert not is_in_step(replace(IN_STEP, changes=(replace(CHANGES[0], standing=standing),)))


@pytest.mark.parametrize("standing", ["scheduled", "observed"])
def test_what_is_not_to_be_written_today_is(standing: Standing) -> None:
    assert is_in_step(replace(IN_STEP, changes=(replace(CHANGES[0], standing=standing),)))


def test_the_silent_source_is_forgiven_and_drift_is_not() -> None:
    assert is_in_step(replace(IN_STEP, findings=(SILENT,)))
    drift = finding("KNW002", "off", subject=Subject(account="Brass"))
    assert not is_in_step(replace(IN_STEP, findings=(SILENT, drift)))


def test_in_step_names_the_source_that_fell_silent() -> None:
    terminal = console()
    Story(terminal).in_step(replace(IN_STEP, findings=(SILENT,)))
    told = " ".join(shown(terminal).split())
    assert "In step: 2400 of 2400 lines" in told
    assert "until their source speaks again" in told


def test_what_is_not_in_step_is_never_called_so() -> None:
    terminal = console()
    Story(terminal).in_step(PLAN)
    assert "In step" not in shown(terminal)


def test_the_plans_act_shows_what_is_held_and_why() -> None:
    terminal = console()
    Story(terminal).plan(PLAN)
    told = shown(terminal)
    assert "1. Plan" in told
    assert "Held, since units jump by more than a guard allows:" in told
    assert "fixed units: 44" in told


def test_the_ending_says_where_things_were_kept_only_if_they_were() -> None:
    kept, gone = console(), console()
    Story(kept).ending(Path("/there"))
    Story(gone).ending(None)
    assert "Everything is in /there" in shown(kept)
    assert "Everything is in" not in shown(gone)
