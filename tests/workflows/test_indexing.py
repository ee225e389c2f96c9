"""GitHub does not know at once which pull request brought a commit."""

from __future__ import annotations

from tests.cli.shop import COBALT
from tests.workflows.hub import Answer
from tests.workflows.stories import ENDPOINT, Edit, line
from tests.workflows.town import Town


def test_a_merge_that_github_does_not_know_yet_is_not_taken_for_a_direct_push(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    commit = town.merge(pull)
    asked: list[str] = []

    def weather(_method: str, path: str) -> Answer | None:
        if path.partition("?")[0].endswith(f"commits/{commit}/pulls") and len(asked) < 3:
            asked.append(path)
            return Answer(200, b"[]")
        return None

    town.hub.weather = weather
    job = town.push(commit)
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("success", 25), job.output
    assert "✅ 1 of 1 change written" in town.hub.api.bodies()[0]


def test_direct_pushes_wait_for_that_once_together(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    before = len(town.moment.waits)
    town.push_directly(_note("one"))
    commit = town.push_directly(_note("two"))
    assert town.push(commit).result == "success"
    assert sum(town.moment.waits[before:]) == 30


def _note(name: str) -> Edit:
    return lambda config: (config / f"{name}.md").write_text("Noted", "utf-8")
