from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from reconciler.cli.commands.periods import answer, command
from reconciler.cli.json_lines import BadLine


def case(**more: Any) -> dict[str, Any]:
    given = {"id": "a", "start": "2026-02-10", "cycle": "quarterly", "from": "2026-02-10"}
    return {**given, "count": 2, **more}


def test_an_anchor_day_moves_the_periods() -> None:
    found = answer(case(anchor_day=15))["periods"]
    assert found == [["2026-02-10", "2026-02-15"], ["2026-02-15", "2026-05-15"]]


def test_an_anchor_day_of_the_calendar_is_refused_not_ignored() -> None:
    with pytest.raises(BadLine, match="anchor_day"):
        answer(case(anchor_day=15, calendar=True))
    assert answer(case(anchor_day=None, calendar=True)) == answer(case(calendar=True))


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    text = "\ufeff" + json.dumps(case()) + "\n"
    assert CliRunner().invoke(command, input=text, standalone_mode=False).return_value == 0
