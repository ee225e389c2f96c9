"""A pull request of ours stands only for what the main branch does not have."""

from __future__ import annotations

from reconciler.github import Tag
from reconciler.github.pulls import Wanted
from reconciler.runs.proposing import Proposed, Proposer
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

BRANCH = "reconciler/adopt"


def propose(night: Night, content: bytes) -> Proposed:
    world = night.world
    proposer = Proposer(world.around, world.ledger, night.job(), night.client)
    tag = Tag("adopt", str(world.around.repository), "", 1)
    wanted = Wanted(BRANCH, "main", tag, "Take notes", lambda _limit: "As they are.")
    return proposer.propose(wanted, {"NOTES": content})


def test_it_is_closed_where_the_main_branch_has_its_files_by_now(make_world: MakeWorld) -> None:
    night = Night(make_world())
    night.daily()
    assert propose(night, b"x").came == "created"
    (night.world.config / "NOTES").write_bytes(b"x")
    night.commit("somebody did it directly")
    assert propose(night, b"x").came == "closed"
    assert [one["state"] for one in night.api.opened] == ["closed"]
    assert night.tip(BRANCH) == ""
    assert propose(night, b"x").came == "none"
    assert propose(night, b"y").came == "created"
