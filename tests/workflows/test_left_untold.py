"""What one pull request does not take, and what another one has to be told."""

from __future__ import annotations

from tests.workflows.hub import Answer
from tests.workflows.stories import Edit, line
from tests.workflows.town import Town

LOCKED = Answer(403, b'{"message": "This conversation is locked"}')


def test_a_comment_that_is_never_taken_holds_up_no_other(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    taken: set[str] = set()

    def weather(method: str, path: str) -> Answer | None:
        edits = method == "PATCH" and "/issues/comments/" in path
        return LOCKED if edits and path.rpartition("/")[2] not in taken else None

    town.hub.weather = weather
    _merged(town, line("minimum: 25"))
    _merged(town, line("minimum: 15", "brass"))
    first, second = town.hub.api.bodies()
    taken.add("2")
    assert town.schedule("daily").result == "success"
    assert town.hub.api.bodies()[0] == first
    assert "✅ 1 of 1 change written" in town.hub.api.bodies()[1]
    assert "✅" not in second


def _merged(town: Town, edit: Edit) -> None:
    pull = town.propose(edit)
    town.plan(pull)
    job = town.push(town.merge(pull))
    assert "could not be edited" in job.output, job.output
