"""`on_drift: adopt`: what a person changed in BMS comes as a pull request, where it is clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.runs.adopting import Adopting
from reconciler.runs.proposing import Proposer
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night
from tests.runs.truth import posts
from tests.runs.world import World

BRANCH = "reconciler/adopt"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    return begun(make_world(), "on_drift: adopt\n")


def begun(world: World, wish: str, settings: str = "") -> Night:
    """Beside two lines of one price a third, whose price tells its edits apart from theirs."""
    made = Night(world)
    world.service("gamma", "7.15")
    world.row("gamma", 10)
    world.configure(gamma=settings)
    world.baseline()
    path = world.config / "billing.yaml"
    path.write_text(f"{path.read_text('utf-8')}{wish}", "utf-8")
    made.usage()
    made.commit("a third line")
    made.daily()
    return made


def edit(night: Night, service: str, units: int) -> None:
    """Somebody changes the line on BMS's screen."""
    rows = night.world.sandbox.ui.read_units()
    row = next(r for r in rows if r.service_id == night.world.services[service])
    night.world.sandbox.ui.edit_units(row.row_id, units)


def shown(night: Night) -> str:
    """The account's file on the branch."""
    git(night.world.folder, "fetch", "--quiet", "origin", BRANCH)
    return git(night.world.folder, "show", "FETCH_HEAD:billing-config/accounts/brass.yaml")


def test_a_clear_edit_is_proposed_merged_and_in_step(
    night: Night, snapshot: SnapshotAssertion
) -> None:
    edit(night, "gamma", 15)
    found = night.drift()
    assert found.adopted is not None
    assert (found.adopted.came, found.posted) == ("created", "created")
    (pull,) = night.api.opened
    assert pull["title"] == "Take over 1 line changed in BMS by hand, +35.75 USD per month"
    text = pull["body"].partition("\n")[2]
    assert text.partition("<sub>")[0] == snapshot(name="pull request")
    assert shown(night) == snapshot(name="file")
    assert "Merging this writes nothing to BMS" in night.reviewed[0]
    before = posts(night.world)

    done = night.merge(pull["number"])
    assert done.result == "nothing", done.told
    assert posts(night.world) == before
    assert night.world.units("gamma") == 15
    again = night.drift()
    assert (again.posted, again.adopted and again.adopted.came) == ("closed", "none")
    night.tomorrow()
    night.usage()
    night.daily()
    assert night.world.units("gamma") == 15


def test_it_is_brought_up_to_date_and_closed_when_the_edit_is_undone(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    same = night.drift().adopted
    assert same is not None
    assert same.came == "same"
    edit(night, "gamma", 16)
    other = night.drift().adopted
    assert other is not None
    assert other.came == "edited"
    assert "units: {fixed: 16," in shown(night)
    edit(night, "gamma", 10)
    gone = night.drift().adopted
    assert gone is not None
    assert gone.came == "closed"
    assert git(night.world.folder, "ls-remote", "origin", BRANCH) == ""


def test_an_edit_that_is_taken_over_without_a_reason_is_told_before_and_after(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    reason = "changed in BMS by hand from 10 to 15; fill in why"
    words = f"15 fixed, with no end and “{reason}” as reason"
    assert night.reviewed[0].startswith("## ⚠️ Merging this writes nothing to BMS today; it fixes")
    assert "the units of 1 line, and nobody said why." in night.reviewed[0].splitlines()[0]
    assert words in night.reviewed[0]
    (pull,) = night.api.opened
    status = night.api.statuses[pull["head"]["sha"]]
    assert status["description"].endswith("fixes the units of 1 line, and nobody said why")

    assert night.merge(pull["number"]).result == "nothing"
    before = len(night.said)
    night.tomorrow()
    night.usage()
    night.daily()
    (said,) = night.said[before:]
    assert "Nobody said why units are fixed (1)" in said.splitlines()[0]
    assert words in said
    night.tomorrow()
    night.usage()
    night.daily()
    assert len(night.said) == before + 1
    assert words in night.summary.read_text("utf-8")
    path = night.world.config / "accounts" / "brass.yaml"
    path.write_text(path.read_text("utf-8").replace("fill in why", "a promise"), "utf-8")
    night.commit("Say why")
    assert "POL010" not in {found.code for found in night.world.plan().findings}


def test_a_persons_reason_stays_and_a_new_one_is_asked_for(make_world: MakeWorld) -> None:
    night = begun(
        make_world(),
        "on_drift: adopt\n",
        "units: {fixed: 10, reason: 'promised by Ann, ticket 17'}",
    )
    edit(night, "gamma", 16)
    night.drift()
    why = "from 10 to 16 (before: promised by Ann, ticket 17); fill in why"
    assert why in shown(night)
    (comment,) = night.reviewed
    assert comment.startswith("## ⚠️ Merging this writes nothing to BMS today; it fixes the units")
    assert "1. Say why units are fixed, in place of “fill in why”." in comment
    assert "POL010" in comment


def test_a_deal_that_is_over_does_not_keep_the_offer_from_holding(make_world: MakeWorld) -> None:
    deal = "units: {fixed: 10, until: 2026-11-10, reason: old deal}"
    night = begun(make_world(), "on_drift: adopt\n", deal)
    edit(night, "gamma", 15)
    night.drift()
    assert "units: {fixed: 15, reason: " in shown(night)
    (pull,) = night.api.opened
    assert night.merge(pull["number"]).result == "nothing"
    night.tomorrow()
    night.usage()
    night.daily()
    again = night.drift()
    assert (again.posted, again.adopted and again.adopted.came) == ("closed", "none")
    assert night.world.units("gamma") == 15


def test_a_deal_that_is_still_to_end_keeps_its_last_day(make_world: MakeWorld) -> None:
    deal = "units: {fixed: 10, until: 2026-11-23, reason: deal}"
    night = begun(make_world(), "on_drift: adopt\n", deal)
    edit(night, "gamma", 15)
    night.drift()
    assert "units: {fixed: 15, until: 2026-11-23, reason: " in shown(night)


def test_the_issue_names_the_offer_and_how_to_take_it_up_once_it_was_closed(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    assert "#201 offers to take over what is clear of it: look at each line in BMS" in night.issue
    (pull,) = night.api.opened
    pull["state"] = "closed"
    found = night.drift()
    assert (found.posted, found.adopted and found.adopted.came) == ("edited", "declined")
    told = "#201 offered to take over what is clear of it, and was closed and not merged"
    for text in (night.issue, night.summary.read_text("utf-8")):
        assert told in text
        assert "restore its branch if it is gone, open it again and merge it." in text
    edit(night, "gamma", 10)
    night.drift()
    assert "#201" not in night.issue


def test_the_issue_says_why_nothing_can_be_offered(night: Night) -> None:
    night.api.refused["pulls"] = httpx.Response(403, json={"message": "not permitted"})
    edit(night, "gamma", 15)
    night.drift()
    assert "No pull request offers to take over what is clear: " in night.issue


def on_branch(night: Night, old: str, new: str) -> None:
    """Somebody edits the file there."""
    folder = night.world.folder
    git(folder, "fetch", "--quiet", "origin", BRANCH)
    git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    path = night.world.config / "accounts" / "brass.yaml"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", "by hand")
    git(folder, "push", "--quiet", "origin", f"HEAD:{BRANCH}")
    git(folder, "checkout", "--quiet", "main")


def test_what_a_person_wrote_on_the_branch_stays(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    (pull,) = night.api.opened
    before = (pull["title"], pull["body"])
    on_branch(night, "fill in why", "a promise")
    found = night.drift().adopted
    assert found is not None
    assert found.came == "theirs"
    assert "a promise" in shown(night)
    assert (pull["title"], pull["body"]) == before, "it takes over just that"


@pytest.mark.parametrize("units", ["fixed: 16", "fixed: 15, until: 2026-11-01"])
def test_of_other_units_on_the_branch_it_promises_nothing(
    night: Night, units: str, snapshot: SnapshotAssertion
) -> None:
    edit(night, "gamma", 15)
    night.drift()
    on_branch(night, "fixed: 15", units)
    found = night.drift().adopted
    assert found is not None
    assert (found.came, found.unsaid) == ("theirs", ())
    (pull,) = night.api.opened
    assert pull["title"].endswith("none has the units of BMS now")
    assert pull["body"].partition("\n")[2].partition("<sub>")[0] == snapshot(name="pull request")
    edit(night, "gamma", 16)
    night.drift()
    assert ("1 line changed" in pull["title"]) is (units == "fixed: 16")


def test_two_edits_that_would_explain_the_total_are_left_to_the_issue(night: Night) -> None:
    edit(night, "alpha", 11)
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came, night.api.opened) == ("created", "none", [])


def test_a_row_of_others_that_would_explain_it_too_makes_it_unclear(make_world: MakeWorld) -> None:
    world = make_world()
    other = world.sandbox.add_service("of others", "7.15")
    world.sandbox.add_line(world.contract, other, 3, world.start)
    night = begun(world, "on_drift: adopt\n")
    edit(night, "gamma", 15)
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came) == ("created", "none")
    (drift,) = [one for one in found.apart.plan.findings if one.code == "KNW002"]
    assert "gamma from 10 to 15" in drift.message


def test_a_row_of_others_that_changed_with_it_makes_it_unclear(night: Night) -> None:
    edit(night, "gamma", 15)
    other = night.world.sandbox.add_service("of others", "0.37")
    night.world.sandbox.ui.add_line(night.world.contract, other, 3, date(2026, 11, 1))
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came) == ("created", "none")


def test_a_row_that_shows_the_edit_makes_it_unclear(night: Night) -> None:
    """Its date was moved with its units: from when they are meant is a person's matter."""
    rows = night.world.sandbox.ui.read_units()
    row = next(r for r in rows if r.service_id == night.world.services["gamma"])
    night.world.sandbox.ui.edit_units(row.row_id, 15, date=date(2026, 11, 12))
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came) == ("created", "none")
    (drift,) = [one for one in found.apart.plan.findings if one.code == "KNW002"]
    assert "gamma from 10 to 15 would explain it" in drift.message


@pytest.mark.parametrize("wish", ["on_drift: alert\n", ""])
def test_without_the_wish_nothing_is_proposed(make_world: MakeWorld, wish: str) -> None:
    night = begun(make_world(), wish)
    edit(night, "gamma", 15)
    found = night.drift()
    assert (found.posted, found.adopted, night.api.opened) == ("created", None, [])


def test_one_account_may_wish_otherwise(night: Night) -> None:
    path = night.world.config / "accounts" / "brass.yaml"
    path.write_text(f"{path.read_text('utf-8')}on_drift: alert\n", "utf-8")
    night.commit("not here")
    edit(night, "gamma", 15)
    found = night.drift()
    assert (found.adopted, night.api.opened) == (None, [])


def test_an_edit_of_an_account_without_the_wish_is_left_out_beside_others(night: Night) -> None:
    edit(night, "gamma", 15)
    (found,) = night.world.run_plan().planned.examined.edits
    around, ledger = night.world.around, night.world.ledger
    adopting = Adopting(Proposer(around, ledger, night.job(), night.client))
    assert (
        adopting.propose(
            [replace(found, on_drift="alert")], "USD", night.world.sandbox.today()
        ).came
        == "none"
    )
    assert adopting.propose([found], "USD", night.world.sandbox.today()).came == "created"


def test_lines_that_the_file_does_not_name_are_left_to_the_issue(night: Night) -> None:
    path = night.world.config / "accounts" / "brass.yaml"
    text = path.read_text("utf-8")
    head, _, _ = text.partition("contracts:\n")
    path.write_text(
        f"{head}contracts:\n  - {{contract: Managed Services, services: all}}\n", "utf-8"
    )
    night.commit("every line")
    edit(night, "gamma", 15)
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came, night.api.opened) == ("created", "none", [])


def test_usage_that_moves_beside_it_is_not_written_meanwhile(night: Night) -> None:
    edit(night, "gamma", 15)
    night.usage(beta={date(2026, 11, 20): 12})
    night.daily()
    assert night.world.units("beta") == 10
    night.drift()
    (pull,) = [one for one in night.api.opened if one["head"]["ref"] == BRANCH]
    night.merge(pull["number"])
    night.daily()
    assert (night.world.units("gamma"), night.world.units("beta")) == (15, 12)


@pytest.mark.parametrize(
    ("settings", "units", "came"),
    [
        ("increase: period-start, late: prorated-transaction", 15, "created"),
        ("increase: next-period", 15, "none"),
        ("increase: next-period", 7, "created"),
        ("decrease: never", 7, "none"),
        ("last_day: 2026-11-10", 15, "none"),
    ],
)
def test_an_edit_is_proposed_only_where_fixed_units_would_count_at_once(
    make_world: MakeWorld, settings: str, units: int, came: str
) -> None:
    night = begun(make_world(), "on_drift: adopt\n", settings)
    edit(night, "gamma", units)
    found = night.drift()
    assert found.adopted is not None
    assert (found.posted, found.adopted.came) == ("created", came)
    if came == "created":
        night.merge(night.api.opened[0]["number"])
        assert night.drift().posted == "closed"


def test_it_is_closed_with_a_word_when_nobody_wishes_it_any_more(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    path = night.world.config / "billing.yaml"
    path.write_text(path.read_text("utf-8").replace("adopt", "alert"), "utf-8")
    night.commit("alert only")
    gone = night.drift()
    assert gone.adopted is not None
    assert gone.adopted.came == "closed"
    assert [one["state"] for one in night.api.opened] == ["closed"]
    assert "With `on_drift: alert` nothing" in night.api.bodies()[-1]
    assert git(night.world.folder, "ls-remote", "origin", BRANCH) == ""
    assert night.drift().adopted is None


def test_it_is_closed_with_a_word_when_its_account_does_not_wish_it(night: Night) -> None:
    edit(night, "gamma", 15)
    night.drift()
    account = night.world.config / "accounts" / "brass.yaml"
    account.write_text(f"{account.read_text('utf-8')}on_drift: alert\n", "utf-8")
    other = "version: 1\naccount: {id: 999, name: Another that wishes it}\n"
    account.with_name("other.yaml").write_text(other, "utf-8")
    night.commit("alert for this one")
    gone = night.drift().adopted
    assert gone is not None
    assert gone.came == "closed"
    assert "or is on an account with `on_drift: alert`" in night.api.bodies()[-1]
