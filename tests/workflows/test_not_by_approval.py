"""What no approval does away with, and what nobody could check, is not said to be in hand."""

from __future__ import annotations

import pytest

from tests.workflows.stories import line, replaced
from tests.workflows.town import Town


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("billing_starts: 2026-11-01\n", ""),
        ("line_update: append, ", ""),
        ("line_update: append", "line_update: upsert"),
    ],
)
def test_what_no_approval_lets_be_written_is_asked_of_nobody(
    town: Town, old: str, new: str
) -> None:
    town.push_directly(replaced("billing.yaml", old, new))
    town.schedule("daily")
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    assert town.push(town.merge(pull)).result == "failure"
    told = next(one["body"] for one in town.hub.api.comments if one["number"] == pull.number)
    assert "1 change held until what holds it is mended, as told above." in told
    town.schedule("daily")
    assert town.hub.api.opened == []


def test_a_plan_that_checked_nothing_is_not_said_to_be_ready(town: Town) -> None:
    pull = town.propose(replaced("billing.yaml", "currency: USD", "currency: EUR"))
    town.plan(pull)
    (told,) = town.hub.api.bodies()
    assert "Nothing to do but to merge it" not in told
    assert "Mend what needs a person before merging" in told
