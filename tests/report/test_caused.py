"""The first sentence of a comment names all that a pull request does, today and later."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.engine.caused import caused
from reconciler.engine.dropped import Dropped
from reconciler.findings import finding
from reconciler.report.caused import beside, first_line, in_short, next_steps
from tests.engine.test_foreseen import TODAY, of, shop


def test_what_comes_at_the_end_is_named_beside_what_moves_today() -> None:
    new = of(minimum=30, price=Decimal("24.00"))
    found = caused(shop(new).entry(TODAY), shop(of()).entry(TODAY))
    forecast = "by forecast +480.00 USD per month on 1 line"
    first = first_line(found)
    assert first.startswith("Merging this: 1 change on 1 account: ")
    assert first.endswith(f" Beside it, {forecast} when the running period is over on 2026-02-01.")
    assert in_short(found) == (forecast,)


def test_a_name_that_ends_in_a_full_stop_has_no_second_one_behind_it() -> None:
    new = of(minimum=30, price=Decimal("24.00"))
    found = caused(shop(new).entry(TODAY), shop(of()).entry(TODAY))
    line = replace(found.planned.plan.changes[0].line, account="Teal Tech Inc.")
    told = " ".join(beside(replace(found, dropped=Dropped(removed=(line,))), "USD"))
    assert "of Teal Tech Inc. BMS goes on billing it with the units it has." in told


@pytest.mark.parametrize(
    ("codes", "what"),
    [
        (["BMS001"], "BMS"),
        (["USG016"], "the readings"),
        (["USG016", "BMS001"], "BMS or the readings"),
    ],
)
def test_what_is_to_be_mended_is_what_does_not_fit(codes: list[str], what: str) -> None:
    found = caused(shop(of()).entry(TODAY), shop(of()).entry(TODAY))
    findings = tuple(finding(code, "something is named wrongly") for code in codes)
    plan = replace(found.planned.plan, findings=findings)
    (step,) = next_steps(replace(found, planned=replace(found.planned, plan=plan)))
    assert step.what.endswith(f"before merging: what it names does not fit {what}.")
