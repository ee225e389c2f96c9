"""Origins lead back to line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired import load, locate
from reconciler.model.errors import ConfigError
from reconciler.model.place import Origin, Position
from tests.desired.house import build, lines_of

FILE = "billing-config/accounts/brass.yaml"


def test_a_settings_origin_leads_to_its_key(tmp_path: Path) -> None:
    top = build(tmp_path)
    line = lines_of(load(top))["workstation"]
    assert locate(top, line.origin) == Position(FILE, 8, 7)
    count = line.settings[0].settings.origins["count"]
    assert locate(top, count) == Position("billing-config/services/datto-rmm.yaml", 6, 5)


def test_every_origin_of_the_example_has_a_place(tmp_path: Path) -> None:
    top = Path(__file__).parents[2] / "billing-config"
    lines = [line for one in load(top).accounts for c in one.contracts for line in c.lines]
    origins = {
        origin
        for line in lines
        for dated in line.settings
        for origin in (line.origin, *dated.settings.origins.values())
    }
    assert all(locate(top, origin).line > 1 for origin in origins)


def test_a_path_that_is_gone_leads_to_what_held_it(tmp_path: Path) -> None:
    top = build(tmp_path)
    assert locate(top, Origin(FILE, ("contracts", 0, "services", "gone"))) == Position(FILE, 7, 5)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    top = build(tmp_path)
    origin = Origin(FILE, ("account",))
    assert locate(top, origin).line == 2
    path = top / "accounts" / "brass.yaml"
    path.write_text("# one\n# two\n" + path.read_text())
    assert locate(top, origin).line == 4


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    top = build(tmp_path)
    with pytest.raises(ConfigError) as raised:
        locate(top, Origin("billing-config/accounts/gone.yaml"))
    assert [one.code for one in raised.value.problems] == ["CFG012"]
