from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Intent, Outcome, Settled
from reconciler.report.history_text import OUTCOMES, Told, dumps, render
from tests.report.screen import console, shown

AT = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
INTENT = Intent(
    ref="7F3A9C",
    change="c01",
    plan="sha256:ab",
    line=LineKey(1001, 5001, 1201),
    kind="units",
    day=date(2026, 11, 15),
    posted_units=2,
    units_before=10,
    units_after=12,
    price=Decimal("22.00"),
    rows_before=(),
    total_before=Decimal("220.00"),
    total_after=Decimal("264.00"),
    at=AT,
    lease=1,
)
Named = Callable[[LineKey], tuple[str, str, str]]


@dataclass(frozen=True)
class Run:
    kind: str = "apply"
    at: datetime = AT
    as_of: date = date(2026, 11, 23)
    outcome: str = "1 of 1 changes written"
    detail: str = "Sam, terminal"


def named(line: LineKey) -> tuple[str, str, str]:
    return ("Brass Building Supplies", "Managed Services", "Managed Workstation")


TOLD = Told([Run()], [(INTENT, None)], {INTENT.ref: "Kim (merge)"}, {}, (1, 1))


def text(
    settled: Settled | None,
    intent: Intent = INTENT,
    name: Callable[[LineKey], tuple[str, str, str]] = named,
) -> str:
    terminal = console(140)
    render(replace(TOLD, writes=[(intent, settled)]), name, terminal)
    return shown(terminal)


def test_nothing_yet() -> None:
    terminal = console()
    render(Told([], [], {}, {}, (0, 0)), named, terminal)
    assert shown(terminal) == "Nothing was written yet.\n"


def test_a_write_is_named_by_its_line_and_units() -> None:
    told = text(Settled("7F3A9C", "answered", AT))
    assert "Brass Building Supplies / Managed Services / Managed Workstation" in told
    assert "10 -> 12  written" in told
    assert "Sam, terminal" in told


@dataclass(frozen=True)
class Ended:
    holder: str = "apply (Sam, process 7 on runner)"
    since: datetime = AT


def test_a_run_that_was_ended_is_told_of() -> None:
    terminal = console(140)
    render(replace(TOLD, unended=[Ended()]), named, terminal)
    first = shown(terminal).splitlines()[0]
    assert first.startswith("apply (Sam, process 7 on runner), begun 2026-11-23 17:05 UTC: nothing")
    assert json.loads(dumps(replace(TOLD, unended=[Ended()])))["unended"] == [
        {"holder": "apply (Sam, process 7 on runner)", "since": "2026-11-23T17:05:00+00:00"}
    ]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_has_its_words(outcome: Outcome) -> None:
    assert OUTCOMES[outcome] in text(Settled("7F3A9C", outcome, AT))


def test_a_write_without_an_end_is_in_doubt() -> None:
    assert "in doubt" in text(None)


def test_a_price_is_told_as_a_price() -> None:
    told = text(None, replace(INTENT, kind="price"))
    assert "price 22.00" in told
    assert "10 -> 12" not in told


def test_a_name_cannot_command_the_terminal() -> None:
    assert "\x1b" not in text(None, name=lambda _: ("\x1b[2J", "a", "b"))


def test_json_keeps_ids_and_digits() -> None:
    document = json.loads(dumps(TOLD))
    (write,) = document["writes"]
    assert (write["service_id"], write["price"], write["outcome"]) == (1201, "22.00", None)
    assert document["runs"][0]["detail"] == "Sam, terminal"


def test_a_write_says_who_let_it() -> None:
    assert "\n                          let by Kim (merge)" in text(None)
    (write,) = json.loads(dumps(TOLD))["writes"]
    assert write["approved_by"] == "Kim (merge)"
    (write,) = json.loads(dumps(replace(TOLD, let={INTENT.ref: None})))["writes"]
    assert write["approved_by"] == ""


def test_a_write_that_needed_it_says_what_approved_it() -> None:
    told = replace(TOLD, approved={INTENT.ref: "approvals/2026-11.yaml: new office"})
    terminal = console(140)
    render(told, named, terminal)
    assert "approved: approvals/2026-11.yaml: new office" in shown(terminal)
    (write,) = json.loads(dumps(told))["writes"]
    assert write["approval"] == "approvals/2026-11.yaml: new office"


def test_what_is_left_out_is_said_of_each_table() -> None:
    terminal = console(140)
    render(replace(TOLD, counts=(1, 1_204)), named, terminal)
    assert "of 1 run" not in shown(terminal)
    assert "The newest 1 of 1,204 writes; --limit N or --all shows more." in shown(terminal)
    assert json.loads(dumps(replace(TOLD, counts=(7, 9))))["all"] == {"runs": 7, "writes": 9}
