"""A pull request from its first plan to what was written, on a real repository."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.git import Revisions
from reconciler.github import GithubClient, GithubError, Job, Marker
from reconciler.runs.commenting import comment
from reconciler.runs.merging import Done, Merges
from tests.github.api import REPOSITORY, TOKEN, Api
from tests.ledger.branch.copies import git
from tests.runs.beginnings import commit, nightly, repository, steady
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

NUMBER = 7


class Shop:
    """A repository with a configuration that is applied, its main branch, and GitHub."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.api = Api()
        self.client = GithubClient(
            "https://api.example.test", REPOSITORY, TOKEN, self.api, no_sleep
        )
        repository(world)

    def commit(self, message: str) -> str:
        return commit(self.world, message)

    def propose(self, edit: Callable[[], object]) -> str:
        """A pull request with one commit; its comment is posted."""
        base = git(self.world.folder, "rev-parse", "main")
        git(self.world.folder, "checkout", "--quiet", "-b", "change")
        edit()
        head = self.commit("a change")
        comment(self.world.around, self.world.ledger, self.job(base, head), self.client)
        return head

    def merge(self, number: int = NUMBER) -> str:
        git(self.world.folder, "checkout", "--quiet", "main")
        git(self.world.folder, "merge", "--quiet", "--no-ff", "--message", "merge it", "change")
        git(self.world.folder, "branch", "--quiet", "--delete", "change")
        commit = git(self.world.folder, "rev-parse", "HEAD")
        self.api.merge(commit, number)
        return commit

    def merge_another(self, number: int, **lines: str) -> None:
        """It has a comment of its own, and no run comes."""
        base = git(self.world.folder, "rev-parse", "main")
        git(self.world.folder, "checkout", "--quiet", "-b", "change")
        self.world.configure(**lines)
        job = self.job(base, self.commit("a change"))
        text = job.event_path.read_text("utf-8").replace(f": {NUMBER},", f": {number},")
        job.event_path.write_text(text, "utf-8")
        comment(self.world.around, self.world.ledger, job, self.client)
        self.merge(number)

    def job(self, base: str, head: str) -> Job:
        event = self.world.folder / "event.json"
        event.write_text(
            f'{{"pull_request": {{"number": {NUMBER}, "base": {{"sha": "{base}"}},'
            f' "head": {{"sha": "{head}"}}}}}}',
            encoding="utf-8",
        )
        return Job(
            REPOSITORY, 5, 1, "https://api.example.test", "https://example.test", TOKEN,
            self.world.folder / "summary.md", event,
        )  # fmt: skip

    def apply(self) -> list[Done]:
        merges = Merges(self.world.around, self.world.ledger, self.client, "https://run.test")
        return list(merges.catch_up("HEAD"))

    @property
    def said(self) -> str:
        """The comment without its marker, and without what every run names anew."""
        (body,) = self.api.bodies()
        return body.partition("\n")[2]


def no_sleep(_seconds: float) -> None:
    """Tests do not wait."""


@pytest.fixture
def shop(make_world: MakeWorld) -> Shop:
    return Shop(nightly(make_world()))


def units(shop: Shop) -> tuple[int, int]:
    return shop.world.units("alpha"), shop.world.units("beta")


def test_what_is_reviewed_is_written_on_merge(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    planned = shop.said
    assert "## 📝 Merging this: 1 change on 1 account" in planned
    summary = (shop.world.folder / "summary.md").read_text("utf-8")
    assert summary.splitlines()[0] == planned.splitlines()[0]
    shop.merge()
    (done,) = shop.apply()
    assert (done.result, done.number, units(shop)) == ("written", NUMBER, (10, 15))
    assert shop.said.startswith(planned.rpartition("\n---\n")[0])
    assert "✅ 1 of 1 change written, +50.00 USD per month." in shop.said
    assert shop.world.ledger.history(1)[0].commit == done.commit
    let = shop.world.ledger.let_by(shop.world.ledger.writes(1)[0][0])
    assert str(let) == "maria with #7, merged by lena (merge)"


def test_who_approved_it_stands_in_the_ledger(shop: Shop) -> None:
    head = shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.api.reviews = [
        {"state": "APPROVED", "user": {"login": "lead"}, "commit_id": head},
        {"state": "APPROVED", "user": {"login": "early"}, "commit_id": "0" * 40},
        {"state": "COMMENTED", "user": {"login": "else"}, "commit_id": head},
    ]
    shop.merge()
    shop.apply()
    let = shop.world.ledger.let_by(shop.world.ledger.writes(1)[0][0])
    assert str(let) == "maria with #7, merged by lena, approved by lead (merge)"


def test_a_merge_after_usage_moved_its_line_is_refused_and_says_so(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(alpha="multiply: 2"))
    shop.merge()
    shop.world.read("alpha", {date(2026, 11, 20): 40})
    (done,) = shop.apply()
    assert (done.result, units(shop)) == ("refused", (10, 10))
    assert "❌ **Nothing was written.**" in shop.said
    assert "## 📝 Merging this" in shop.said or "## ⚠️ Merging this" in shop.said


def test_what_was_written_is_not_written_again_by_the_next_run(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.merge()
    shop.apply()
    assert shop.apply() == []
    assert shop.world.plan(accounts=()).totals.changes == 1  # usage of alpha, left to the night


def test_a_run_that_never_came_is_caught_up_in_order(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.merge()
    shop.apply()
    for number, minimum in enumerate((16, 17), start=8):
        shop.merge_another(number, beta=f"minimum: {minimum}")
    first, second = shop.apply()
    assert (first.number, first.result, second.number) == (8, "written", 9)
    # Its plan was made before the first was written: it is not what was reviewed any more.
    assert second.result == "refused"
    assert units(shop) == (10, 16)


@pytest.mark.parametrize("mode", ["apply", "propose"])
def test_merges_before_the_very_first_run_are_the_nights_but_for_the_newest(
    shop: Shop, mode: str
) -> None:
    shop.world.mode = mode
    shop.world.configure()
    shop.commit("its mode")
    shop.merge_another(8, beta="minimum: 15")
    shop.merge_another(9, beta="minimum: 15", alpha="minimum: 30")
    (done,) = shop.apply()
    assert (done.number, done.result, units(shop)) == (9, "written", (30, 10))
    night = shop.world.apply(how="schedule").found
    assert units(shop) == (30, 15 if mode == "apply" else 10)
    left = [(one.line.service, one.standing) for one in night.changes]
    assert left == [("beta", "ready" if mode == "apply" else "proposed")]


def test_what_was_only_observed_is_not_written_because_something_else_lets_it(shop: Shop) -> None:
    shop.world.mode = "observe"
    shop.world.configure()
    shop.commit("only watching")
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    assert "writes nothing to BMS: what it changes is only observed" in shop.said
    shop.world.mode = "apply"
    shop.world.configure(beta="minimum: 15")
    shop.commit("and let it write, after its plan was made")
    shop.merge()
    (done,) = shop.apply()
    assert (done.result, units(shop)) == ("refused", (10, 10))


def test_a_merge_that_stops_half_way_is_gone_on_with(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(alpha="multiply: 2", beta="minimum: 15"))
    shop.merge()
    path = "/v2/finance/contracts/recurringservices/*/services"
    shop.world.sandbox.faults.arm("http-429", path=path, after=1, times=9, retry_after=3000)
    (done,) = shop.apply()
    assert done.result == "in-part"
    assert "The next run goes on from here" in shop.said
    shop.world.sandbox.faults.clear()
    (done,) = shop.apply()
    assert (done.result, units(shop)) == ("written", (24, 15))
    assert shop.apply() == []


def test_a_commit_that_cannot_be_read_stops_none_after_it(shop: Shop) -> None:
    billing = shop.world.config / "billing.yaml"
    right = billing.read_text("utf-8")
    shop.apply()
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    billing.write_text("not: [yaml", encoding="utf-8")
    shop.commit("a slip")
    shop.merge()
    billing.write_text(right, encoding="utf-8")
    shop.commit("mend it")
    assert [done.result for done in shop.apply()] == ["refused", "not-reviewed"]
    assert shop.apply() == []


def test_a_main_line_that_was_rewritten_goes_on_from_its_end(shop: Shop) -> None:
    shop.commit("something")
    shop.apply()
    git(shop.world.folder, "commit", "--quiet", "--amend", "--allow-empty", "-m", "other")
    git(shop.world.folder, "reflog", "expire", "--expire=now", "--all")
    git(shop.world.folder, "gc", "--quiet", "--prune=now")
    assert [done.result for done in shop.apply()] == ["not-reviewed"]


@pytest.mark.parametrize("there", [False, True], ids=["gone", "on-another-branch"])
def test_merges_that_a_rewrite_put_out_of_sight_are_told_that_they_wait_no_more(
    shop: Shop, there: bool
) -> None:
    """Not the newest, which is looked at; nor one that was closed, or that has another word."""
    shop.apply()
    if there:
        git(shop.world.folder, "branch", "--quiet", "kept")
    for number in range(8, 11):
        shop.merge_another(number, beta=f"minimum: {number + 7}")
    shop.propose(lambda: shop.world.configure(beta="minimum: 30"))
    shop.api.edit("kept up to date while the pull request is open", "being written", number=8)
    git(shop.world.folder, "checkout", "--quiet", "--orphan", "rewritten", "main")
    shop.commit("all of it")
    shop.commit("merge it")
    git(shop.world.folder, "branch", "--quiet", "--delete", "--force", "main")
    git(shop.world.folder, "branch", "--quiet", "--move", "main")
    git(shop.world.folder, "reflog", "expire", "--expire=now", "--all")
    git(shop.world.folder, "branch", "--quiet", "--delete", "--force", "change")
    git(shop.world.folder, "gc", "--quiet", "--prune=now")
    tip = git(shop.world.folder, "rev-parse", "HEAD")
    (newest,) = [one for one in shop.api.pulls.values() if one["number"] == 10]
    shop.api.pulls[tip] = newest
    newest["merge_commit_sha"] = tip
    closed = {"number": NUMBER, "merged_at": None}
    for one in (*shop.api.pulls.values(), closed):
        shop.api.opened.append({"head": {}, **one, "base": {"ref": "main"}, "state": "closed"})
    assert [done.number for done in shop.apply()][-1] == 10
    said = {one["number"]: one["body"].rpartition("\n---\n")[2] for one in shop.api.comments}
    assert "being written" in said[8]
    assert "the main branch was rewritten before a run came to it" in said[9]
    assert "kept up to date while the pull request is open" in said[NUMBER]
    assert "rewritten" not in said[10]
    assert "Planned" not in said[10]


def test_an_outdated_checkout_is_no_rewrite(shop: Shop) -> None:
    shop.merge_another(8, beta="minimum: 15")
    shop.apply()
    shop.api.calls.clear()
    git(shop.world.folder, "checkout", "--quiet", "HEAD^")
    assert shop.apply() == []
    assert shop.api.calls == []


def test_a_reviewer_whose_account_is_gone_or_who_changed_their_mind_is_no_approver(
    shop: Shop,
) -> None:
    head = shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.api.reviews = [
        {"state": "APPROVED", "user": None, "commit_id": head},
        {"state": "APPROVED", "user": {"login": "lead"}, "commit_id": head},
        {"state": "CHANGES_REQUESTED", "user": {"login": "lead"}, "commit_id": head},
    ]
    shop.merge()
    shop.apply()
    let = shop.world.ledger.let_by(shop.world.ledger.writes(1)[0][0])
    assert str(let) == "maria with #7, merged by lena, approved by ghost (merge)"


def test_a_direct_push_is_left_to_the_night(shop: Shop) -> None:
    shop.world.configure(beta="minimum: 15")
    shop.commit("in a hurry")
    (done,) = shop.apply()
    assert (done.result, done.number, units(shop)) == ("not-reviewed", None, (10, 10))


def test_a_merge_whose_comment_is_missing_is_told_on_its_pull_request(shop: Shop) -> None:
    shop.apply()
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.api.comments.clear()
    shop.merge()
    (done,) = shop.apply()
    assert (done.result, units(shop)) == ("not-reviewed", (10, 10))
    assert shop.said.startswith("⚠️ **Nothing was written when this was merged.**")
    assert shop.apply() == []
    assert len(shop.api.bodies()) == 1


def test_one_that_github_does_not_take_is_told_by_the_next_run(shop: Shop) -> None:
    shop.apply()
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.api.comments.clear()
    shop.merge()
    shop.api.refused["issues"] = httpx.Response(404, json={"message": "Not Found"})
    with pytest.raises(GithubError):
        shop.apply()
    shop.api.refused.clear()
    shop.api.most_bytes = 20
    (done,) = shop.apply()
    assert done.untold.startswith("⚠️")
    shop.api.most_bytes = 60_000
    assert shop.apply() == []
    assert "Nothing was written when this was merged" in shop.said


def test_a_merge_that_has_nothing_to_do_with_the_configuration_is_left_in_peace(
    shop: Shop,
) -> None:
    shop.apply()
    shop.propose(lambda: (shop.world.folder / "README.md").write_text("x", "utf-8"))
    shop.api.comments.clear()
    shop.merge()
    (done,) = shop.apply()
    assert (done.result, shop.api.comments) == ("not-reviewed", [])


def test_a_comment_that_cannot_be_edited_stops_no_write(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.merge()
    before = shop.said

    class Broken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "PATCH":
                return httpx.Response(403, json={"message": "Resource not accessible"})
            return shop.api.handle_request(request)

    shop.client = GithubClient("https://api.example.test", REPOSITORY, TOKEN, Broken(), no_sleep)
    (done,) = shop.apply()
    assert (done.result, units(shop), shop.said) == ("written", (10, 15), before)


def test_a_plan_that_cannot_be_posted_is_a_plan_all_the_same(shop: Shop) -> None:
    shop.api.first.extend(httpx.Response(404, json={"message": "Not Found"}) for _ in range(3))
    base = git(shop.world.folder, "rev-parse", "main")
    shop.world.configure(beta="minimum: 15")
    job = shop.job(base, shop.commit("a change"))
    said = comment(shop.world.around, shop.world.ledger, job, shop.client)
    assert (said.posted, len(said.plan.changes), shop.api.bodies()) == ("failed", 1, [])
    assert "Merging this: 1 change" in (shop.world.folder / "summary.md").read_text("utf-8")


def test_the_comment_as_it_is_read(shop: Shop, snapshot: SnapshotAssertion) -> None:
    shop.propose(lambda: shop.world.configure(alpha="multiply: 2", beta="minimum: 15"))
    head, _, _ = shop.said.partition("<sub>")
    assert head == snapshot


def test_a_comment_lays_the_base_out_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the plan, how BMS is reached, and past months."""
    laid: list[str] = []
    at = Revisions.at

    def noted(self: Revisions, commit: str) -> AbstractContextManager[Path]:
        laid.append(commit)
        return at(self, commit)

    monkeypatch.setattr(Revisions, "at", noted)
    shop.propose(lambda: shop.world.configure(alpha="minimum: 12"))
    assert laid == [git(shop.world.folder, "rev-parse", "main")]


def test_a_later_edit_of_the_pull_request_edits_its_comment(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    base = git(shop.world.folder, "rev-parse", "main")
    shop.world.configure(beta="minimum: 11")
    head = shop.commit("less")
    comment(shop.world.around, shop.world.ledger, shop.job(base, head), shop.client)
    assert "+10.00" in shop.said
    assert len(shop.api.bodies()) == 1


def test_a_trial_merge_is_compared_with_what_it_was_merged_onto(shop: Shop) -> None:
    """The event of a pull request that was opened long ago names an older base."""
    old = git(shop.world.folder, "rev-parse", "main")
    git(shop.world.folder, "checkout", "--quiet", "-b", "change")
    shop.world.configure(beta="minimum: 15")
    head = shop.commit("a change")
    git(shop.world.folder, "checkout", "--quiet", "main")
    shop.commit("something else was merged")
    git(shop.world.folder, "merge", "--quiet", "--no-ff", "--message", "trial", "change")
    job = shop.job(old, head)
    comment(shop.world.around, shop.world.ledger, job, shop.client)
    marker = Marker.find(shop.api.bodies()[0])
    assert marker is not None
    assert marker.base == git(shop.world.folder, "rev-parse", "HEAD^1") != old


def test_an_hour_later_the_same_is_still_what_was_reviewed(shop: Shop) -> None:
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.merge()
    shop.world.sandbox.advance(timedelta(days=1))
    for name in shop.world.services:
        shop.world.read(name, {date(2026, 11, 23): 12 if name == "alpha" else 10})
    (done,) = shop.apply()
    assert (done.result, shop.world.units("beta")) == ("written", 15)


def test_a_changed_policy_shows_past_months_in_comment_and_summary(shop: Shop) -> None:
    shop.world.sandbox.set_clock(date(2026, 12, 5))
    for name in shop.world.services:
        shop.world.steady(name, 10)
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    plan, _, past = shop.said.partition(
        "<details><summary>2026-09 to 2026-11 under these settings: "
    )
    assert "Merging this" in plan
    assert past.startswith("+50.00 USD</summary>")
    assert past.count("\n---\n") == 1
    summary = (shop.world.folder / "summary.md").read_text("utf-8")
    assert "## Simulation: 2026-09 to 2026-11" in summary


def test_an_account_that_is_mapped_anew_shows_none(shop: Shop) -> None:
    shop.world.service("gamma")
    shop.propose(shop.world.configure)
    assert "under these settings" not in shop.said


def test_a_pull_request_that_was_rebased_is_one_merge(shop: Shop) -> None:
    """GitHub puts each of its commits on the main line; the last one is said to merge it."""
    shop.apply()
    before = git(shop.world.folder, "rev-parse", "main")

    def edit() -> None:
        shop.world.configure(beta="minimum: 15")
        shop.commit("the first half")
        shop.world.configure(alpha="minimum: 14", beta="minimum: 15")

    shop.propose(edit)
    git(shop.world.folder, "checkout", "--quiet", "main")
    git(shop.world.folder, "merge", "--quiet", "--ff-only", "change")
    last = git(shop.world.folder, "rev-parse", "main")
    for brought in git(shop.world.folder, "rev-list", f"{before}..main").split():
        shop.api.merge(last)
        shop.api.pulls[brought] = shop.api.pulls[last]
    first, second = shop.apply()
    assert (first.result, first.number) == ("nothing", NUMBER)
    assert (second.result, units(shop)) == ("written", (14, 15))


def test_an_edit_that_was_held_is_the_configurations_for_as_long_as_it_waits(
    make_world: MakeWorld,
) -> None:
    guards = "{percent: 1000, line: 45, account: 1000000, run: 1000000}"
    shop = Shop(nightly(make_world(guards=guards)))
    shop.propose(lambda: shop.world.configure(beta="minimum: 15"))
    shop.merge()
    shop.apply()
    for _ in range(2):
        shop.world.sandbox.advance(timedelta(days=1))
        steady(shop.world, 10)
        (held,) = shop.world.apply(how="schedule").found.changes[-1:]
        assert (held.line.service, held.standing, held.cause) == ("beta", "held", "config")
    shop.api.comments.clear()
    shop.api.pulls.clear()
    shop.propose(shop.world.configure)
    assert "usage alone" not in shop.said
    assert (
        "On these lines 1 change (+50.00 USD per month) of earlier edits waits to be written; what"
        " this leaves of it is planned here." in shop.said
    )
