"""Pull requests that ask for approval: of what a night holds, and of a month's true-up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.desired.approvals import load_approvals
from reconciler.github.statuses import CONTEXT
from reconciler.runs import proposing
from reconciler.runs.explaining import ExplainOptions, explain
from reconciler.runs.looked_at import OutdatedCheckout
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

D = date
HELD = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"
APPROVALS = "reconciler/approvals"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    return Night(make_world(guards=HELD))


def units(night: Night) -> tuple[int, int]:
    return night.world.units("alpha"), night.world.units("beta")


def branch(night: Night, name: str = APPROVALS) -> str | None:
    found = git(night.world.folder, "ls-remote", "origin", f"refs/heads/{name}")
    return found.split()[0] if found else None


def content(night: Night, file: str, name: str = APPROVALS) -> str:
    git(night.world.folder, "fetch", "--quiet", "origin", name)
    return git(night.world.folder, "show", f"FETCH_HEAD:billing-config/approvals/{file}")


def only(night: Night) -> dict[str, Any]:
    (pull,) = night.api.opened
    return pull


def held(night: Night, units: int = 30) -> None:
    night.usage(alpha={D(2026, 11, 10): units}, beta={D(2026, 11, 10): 12})


def test_what_the_night_holds_is_asked_for_and_its_merge_writes_it(
    night: Night, snapshot: SnapshotAssertion
) -> None:
    held(night)
    night.daily()
    assert units(night) == (10, 12)
    pull = only(night)
    assert (pull["head"]["ref"], pull["base"]["ref"]) == (APPROVALS, "main")
    assert pull["title"] == "Approve: 1 change, +200.00 USD per month"
    assert pull["body"].partition("\n")[2] == snapshot(name="body")
    assert content(night, "2026-11.yaml") == snapshot(name="file")
    (day,), (comment,) = night.said, night.reviewed
    assert "Review #201, and merge it to have exactly that written." in day
    assert "Merging this: 1 change on 1 account" in comment
    assert night.merge(201).result == "written"
    assert units(night) == (30, 12)


def test_a_pull_request_of_ours_gets_the_status_that_no_workflow_sets_for_it(night: Night) -> None:
    held(night)
    night.daily()
    status = night.api.statuses[branch(night) or ""]
    assert status["context"].startswith(CONTEXT)
    assert status["state"] == "success"
    assert "+200.00 USD" in status["description"]


def test_one_whose_merge_cannot_be_planned_is_there_and_says_so(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise OutdatedCheckout("a failure of the test")

    held(night)
    monkeypatch.setattr(proposing, "comment_on_pushed", refuses)
    night.daily()
    status = night.api.statuses[branch(night) or ""]
    assert (status["state"], status["description"]) == ("error", "No plan: a failure of the test")
    (day,) = night.said
    step = "Review #201, and merge it to have exactly that written. Not all of it is said there:"
    assert f"{step} what merging it writes could not be planned: a failure of the test." in day


def test_one_pull_request_is_brought_up_to_date_and_the_same_is_not_pushed_again(
    night: Night,
) -> None:
    held(night)
    night.daily()
    first = branch(night)
    night.tomorrow()
    held(night)
    night.daily()
    assert branch(night) == first
    night.tomorrow()
    held(night, 40)
    night.daily()
    assert only(night)["title"] == "Approve: 1 change, +300.00 USD per month"
    assert branch(night) != first
    assert content(night, "2026-11.yaml").count("change:") == 1
    assert night.merge(201).result == "written"
    assert units(night) == (40, 12)


def test_it_is_closed_when_nothing_waits_any_more(night: Night) -> None:
    held(night)
    night.daily()
    night.tomorrow()
    held(night, 10)
    night.daily()
    assert only(night)["state"] == "closed"
    assert "Nothing waits for approval any more." in night.api.bodies()
    assert branch(night) is None


def test_after_its_merge_the_next_one_is_another(night: Night) -> None:
    held(night)
    night.daily()
    night.merge(201)
    night.tomorrow()
    night.usage(alpha={D(2026, 11, 10): 30, D(2026, 11, 23): 90}, beta={D(2026, 11, 10): 12})
    night.daily()
    assert [one["number"] for one in night.api.opened] == [201, 202]
    assert content(night, "2026-11.yaml").count("change:") == 2, "the first one is on main"
    assert night.merge(202).result == "written"
    assert units(night) == (90, 12)


def test_a_change_that_comes_back_is_asked_for_again(night: Night) -> None:
    """It is the very same, and its approval was used up."""
    for number, units_read in ((201, 30), (202, 10)):
        held(night, units_read)
        night.daily()
        assert night.merge(number).result == "written"
        assert units(night) == (units_read, 12)
        night.tomorrow()
    held(night)
    night.daily()
    assert units(night) == (10, 12)
    assert title(night, 203) == title(night, 201)
    assert night.merge(203).result == "written"
    assert units(night) == (30, 12)


def title(night: Night, number: int) -> str:
    """Of one pull request."""
    (found,) = (one["title"] for one in night.api.opened if one["number"] == number)
    return str(found)


def edit(night: Night, change: Callable[[str], str]) -> str | None:
    """A person commits to the branch: its newest commit."""
    folder = night.world.folder
    git(folder, "fetch", "--quiet", "origin", APPROVALS)
    git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    file = night.world.config / "approvals" / "2026-11.yaml"
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    git(folder, "commit", "--quiet", "--message", "By hand", "--", str(file))
    git(folder, "push", "--quiet", "origin", f"HEAD:{APPROVALS}")
    git(folder, "checkout", "--quiet", "main")
    return branch(night)


def first_only(text: str) -> str:
    """All entries but the first are deleted."""
    head, first, *_ = text.split("  - change:")
    return f"{head}  - change:{first}"


def test_a_branch_that_somebody_committed_to_is_left_as_it_is(night: Night) -> None:
    held(night)
    night.daily()
    theirs = edit(night, lambda text: text.replace("reason: ", "reason: agreed by phone; "))
    night.tomorrow()
    held(night, 40)
    night.daily()
    assert branch(night) == theirs
    assert "1. Review #201, and merge it to have what it lists written: " in night.said[-1]
    assert "To be asked for all of that again, close it and delete its branch." in night.said[-1]
    assert "is not ours" in night.said[-1]
    assert only(night)["title"] == "Approve: nothing that waits now", "the numbers moved"
    assert "Of what waits now, it approves none of it;" in only(night)["body"]


def test_it_tells_what_is_left_of_it_where_somebody_took_a_line_out(
    night: Night, snapshot: SnapshotAssertion
) -> None:
    night.usage(alpha={D(2026, 11, 10): 30}, beta={D(2026, 11, 10): 40})
    night.daily()
    assert only(night)["title"] == "Approve: 2 changes, +500.00 USD per month"
    edit(night, first_only)
    night.daily()
    told = dict(only(night))
    assert told["title"] == "Approve: 1 change, +200.00 USD per month"
    assert told["body"].partition("\n")[2] == snapshot
    night.daily()
    edits = [call for call in night.api.calls if call.startswith("PATCH") and "/pulls/" in call]
    assert (only(night)["body"], len(edits)) == (told["body"], 1), "it says that already"


def test_who_closes_it_then_says_no_to_what_was_asked_for(night: Night) -> None:
    night.usage(alpha={D(2026, 11, 10): 30}, beta={D(2026, 11, 10): 40})
    night.daily()
    edit(night, first_only)
    night.daily()
    only(night)["state"] = "closed"
    git(night.world.folder, "push", "--quiet", "origin", f":refs/heads/{APPROVALS}")
    night.daily()
    assert len(night.api.opened) == 1
    assert "it was closed and not merged." in night.said[-1]


def test_a_file_on_its_branch_that_cannot_be_read_is_told(night: Night) -> None:
    held(night)
    night.daily()
    title = only(night)["title"]
    edit(night, lambda _: "not: [yaml")
    night.daily()
    assert only(night)["title"] == title
    assert (
        "Not all of it is said there: its title and text may be those of before:"
        in (night.said[-1])
    )


def test_who_closed_it_is_not_asked_for_the_same_again(night: Night) -> None:
    held(night)
    night.daily()
    only(night)["state"] = "closed"
    night.tomorrow()
    held(night)
    night.daily()
    assert len(night.api.opened) == 1
    assert (
        "\n1. Open #201 again and merge it, if that is to be written after all: it was closed and"
        " not merged. These numbers are not asked for again." in night.said[-1]
    )
    night.tomorrow()
    held(night, 40)
    night.daily()
    assert len(night.api.opened) == 2


def test_numbers_that_were_not_asked_for_yet_are_though_others_were_declined(night: Night) -> None:
    held(night)
    night.daily()
    only(night)["state"] = "closed"
    night.tomorrow()
    night.api.refused["pulls"] = httpx.Response(503, json={"message": "later"})
    held(night, 40)
    night.daily()
    assert len(night.api.opened) == 1, "the branch has them, and no pull request came of it"
    night.api.refused.clear()
    night.tomorrow()
    held(night, 40)
    night.daily()
    assert [one["number"] for one in night.api.opened] == [201, 202]


def test_another_one_of_the_same_branch_is_not_taken_for_the_closed_one(night: Night) -> None:
    held(night)
    night.daily()
    closed = only(night)
    night.api.opened.append({**closed, "number": 202, "user": {"login": "maria"}})
    closed["state"] = "closed"
    night.tomorrow()
    held(night)
    night.daily()
    assert [one["state"] for one in night.api.opened] == ["closed", "open"]
    assert "#202" in night.said[-1]
    assert "it was closed" not in night.said[-1]


def test_where_no_pull_request_may_be_opened_the_days_comment_says_so(night: Night) -> None:
    told = "GitHub Actions is not permitted to create or approve pull requests."
    night.api.refused["pulls"] = httpx.Response(403, json={"message": told})
    held(night)
    night.daily()
    assert units(night) == (10, 12)
    assert "No pull request asks for approval" in night.said[-1]


def test_what_an_account_may_only_propose_is_asked_for(make_world: MakeWorld) -> None:
    night = Night(make_world(mode="propose"))
    held(night, 12)
    night.daily()
    assert units(night) == (10, 10)
    assert only(night)["title"] == "Approve: 2 changes, +40.00 USD per month"
    assert night.merge(201).result == "written"
    assert units(night) == (12, 12)


def test_an_approval_that_somebody_took_out_is_not_written(make_world: MakeWorld) -> None:
    night = Night(make_world(mode="propose"))
    held(night, 12)
    night.daily()
    folder = night.world.folder
    git(folder, "fetch", "--quiet", "origin", APPROVALS)
    git(folder, "checkout", "--quiet", "-B", "mine", "FETCH_HEAD")
    file = night.world.config / "approvals" / "2026-11.yaml"
    text = file.read_text("utf-8")
    head, _, last = text.rpartition("  - change:")
    assert "beta" in last
    file.write_text(head, "utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", "Not that one")
    git(folder, "push", "--quiet", "origin", f"HEAD:{APPROVALS}")
    git(folder, "checkout", "--quiet", "main")
    done = night.merge(201)
    assert done.result == "refused", "the comment still shows both"
    night.tomorrow()
    held(night, 12)
    night.daily()
    assert units(night) == (12, 10), "the night writes what was approved"


def test_an_entry_that_somebody_takes_out_leaves_the_others_readable(make_world: MakeWorld) -> None:
    """Several entries have the same day."""
    night = Night(make_world(mode="propose"))
    held(night, 12)
    night.daily()
    head, _, rest = content(night, "2026-11.yaml").partition("  - change:")
    _, _, last = rest.partition("  - change:")
    folder = night.world.config / "approvals"
    folder.mkdir()
    (folder / "2026-11.yaml").write_text(f"{head}  - change:{last}", "utf-8")
    (left,) = load_approvals(night.world.config)
    assert left.day == D(2026, 11, 10)


def test_updating_its_branch_from_main_is_no_reason_to_leave_it(night: Night) -> None:
    held(night)
    night.daily()
    (night.world.config / "NOTES").write_text("x", "utf-8")
    night.commit("main goes on")
    folder = night.world.folder
    git(folder, "fetch", "--quiet", "origin", APPROVALS)
    git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    git(folder, "merge", "--quiet", "--no-ff", "--message", "Update branch", "main")
    git(folder, "push", "--quiet", "origin", f"HEAD:{APPROVALS}")
    git(folder, "checkout", "--quiet", "main")
    night.tomorrow()
    held(night, 40)
    night.daily()
    assert only(night)["title"] == "Approve: 1 change, +300.00 USD per month"
    assert content(night, "2026-11.yaml").count("to_units: 40") == 1


def test_a_branch_with_a_persons_commits_is_not_deleted_when_nothing_waits(night: Night) -> None:
    held(night)
    night.daily()
    folder = night.world.folder
    git(folder, "fetch", "--quiet", "origin", APPROVALS)
    git(folder, "checkout", "--quiet", "--detach", "FETCH_HEAD")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Mine")
    git(folder, "push", "--quiet", "origin", f"HEAD:{APPROVALS}")
    git(folder, "checkout", "--quiet", "main")
    night.tomorrow()
    held(night, 10)
    night.daily()
    assert only(night)["state"] == "closed"
    assert branch(night) is not None


def test_an_older_checkout_takes_nothing_back(night: Night) -> None:
    """A job that waited in the queue, or is run again."""
    held(night)
    night.daily()
    old = git(night.world.folder, "rev-parse", "HEAD")
    assert night.merge(201).result == "written"
    git(night.world.folder, "checkout", "--quiet", old)
    told = night.daily()
    assert isinstance(told.day.failed, OutdatedCheckout)
    assert units(night) == (30, 12)


MONTHLY = "adjust: month-end, over: peak, increase: period-start, decrease: next-period"
LATE = "late: prorated-transaction"
TRUE_UP = "true_up: {by: pull-request}\ninvoice_run: {day: 3}\n"
BRANCH = "reconciler/true-up-2026-11"


@pytest.fixture
def monthly(make_world: MakeWorld) -> Night:
    return by_merge(make_world, TRUE_UP)


def by_merge(make_world: MakeWorld, rule: str) -> Night:
    night = Night(make_world(guards=HELD, policy=f"{MONTHLY}, {LATE}"))
    billing = night.world.config / "billing.yaml"
    billing.write_text(billing.read_text("utf-8") + rule, "utf-8")
    night.commit("true-ups by merge")
    return night


def until(night: Night, day: date, units: int = 12) -> None:
    """Every night up to a day; alpha has more since the tenth."""
    while night.world.sandbox.today() < day:
        night.tomorrow()
        night.usage(alpha={D(2026, 11, 10): units})
        night.daily()


def test_a_month_is_asked_for_in_advance_and_written_when_its_days_are_closed(
    monthly: Night, snapshot: SnapshotAssertion
) -> None:
    until(monthly, D(2026, 11, 28))
    shown = monthly.month()
    assert shown is not None
    assert shown.request is not None
    assert (shown.request.came, shown.request.number) == ("created", 201)
    summary = monthly.summary.read_text("utf-8")
    step = "1. Review #201, and merge it to have exactly the true-up of 2026-11 written."
    assert summary.endswith(f"### Next\n\n{step}\n")
    pull = only(monthly)
    assert (pull["head"]["ref"], pull["title"]) == (
        BRANCH,
        "True-up 2026-11: 1 change, +20.00 USD per month",
    )
    assert pull["body"].partition("\n")[2] == snapshot(name="body")
    assert (
        "Merging this approves 1 change in advance: +20.00 USD per month." in monthly.reviewed[-1]
    )
    done = monthly.merge(201)
    assert (done.result, units(monthly)) == ("nothing", (10, 10))
    again = monthly.month()
    assert again is not None
    assert again.request is not None
    assert again.request.came == "none", "what is approved in advance is not asked for again"
    until(monthly, D(2026, 12, 1))
    assert units(monthly) == (12, 10)
    looked = [run for run in monthly.world.ledger.history(50) if run.kind == "merge"]
    assert [run.detail for run in looked] == [
        "github-actions[bot] with #201, merged by lena",
        "merged or pushed before",
    ]
    world = monthly.world
    asked = ExplainOptions(account="Brass Building Supplies", service="alpha")
    (told,) = explain(world.around, world.ledger, asked)
    assert told.writes[-1].approved_by == (
        "Nightly billing (schedule); billing-config/approvals/2026-11-true-up.yaml:"
        " True-up of the period that ended 2026-11-30"
    )


def test_a_merge_that_was_reverted_is_asked_for_again(monthly: Night) -> None:
    until(monthly, D(2026, 11, 28))
    monthly.month()
    monthly.merge(201)
    git(monthly.world.folder, "revert", "--no-edit", "--mainline", "1", "HEAD")
    monthly.push()
    shown = monthly.month()
    assert shown is not None
    assert shown.request is not None
    assert (shown.request.came, shown.request.number) == ("created", 202)


def test_the_months_next_step_is_its_pull_request_and_no_file_of_ones_own(monthly: Night) -> None:
    until(monthly, D(2026, 12, 1))
    monthly.month()
    head, _, steps = monthly.summary.read_text("utf-8").partition("### Next\n\n")
    assert "1 change waits for a person" in head
    assert steps == "1. Review #201, and merge it to have exactly the true-up of 2026-11 written.\n"
    only(monthly)["state"] = "closed"
    monthly.month()
    _, _, steps = monthly.summary.read_text("utf-8").partition("### Next\n\n")
    assert steps.startswith("1. Open #201 again and merge it, if the true-up of 2026-11 is to be")
    assert "reconciler approve" not in steps


def test_a_month_that_cannot_be_asked_for_keeps_the_step_at_a_terminal(monthly: Night) -> None:
    until(monthly, D(2026, 12, 1))
    monthly.api.refused["pulls"] = httpx.Response(403, json={"message": "not permitted"})
    monthly.month()
    _, _, steps = monthly.summary.read_text("utf-8").partition("### Next\n\n")
    assert steps.startswith("1. No pull request asks for approval of the true-up of 2026-11: ")
    assert "reconciler approve --plan plan.json" in steps


def test_a_forecast_that_did_not_come_true_is_asked_for_again(monthly: Night) -> None:
    until(monthly, D(2026, 11, 28))
    monthly.month()
    monthly.merge(201)
    monthly.tomorrow(3)
    monthly.usage(alpha={D(2026, 11, 10): 12, D(2026, 11, 29): 15})
    monthly.daily()
    assert units(monthly) == (10, 10)
    monthly.month()
    assert monthly.api.opened[-1]["title"] == "True-up 2026-11: 1 change, +50.00 USD per month"
    assert monthly.merge(202).result == "written"
    assert units(monthly) == (15, 10)


def test_a_closed_month_is_written_by_its_merge(monthly: Night) -> None:
    until(monthly, D(2026, 12, 1))
    assert units(monthly) == (10, 10)
    assert not [one for one in monthly.api.opened if one["head"]["ref"] == APPROVALS]
    monthly.month()
    assert "Merging this: 1 change on 1 account" in monthly.reviewed[-1]
    assert monthly.merge(201).result == "written"
    assert units(monthly) == (12, 10)
    monthly.month()
    assert [one["state"] for one in monthly.api.opened] == ["closed"]


@pytest.mark.parametrize(
    ("rule", "expected"), [("skip", 10), ("apply-within-guards", 12)], ids=["skip", "guards"]
)
def test_where_nobody_merges_it_the_day_of_the_invoices_does_what_was_set(
    make_world: MakeWorld, rule: str, expected: int
) -> None:
    night = by_merge(
        make_world,
        f"true_up: {{by: pull-request, if_unmerged: {rule}}}\ninvoice_run: {{day: 3}}\n",
    )
    until(night, D(2026, 12, 1))
    night.month()
    assert units(night) == (10, 10)
    until(night, D(2026, 12, 2))
    assert units(night) == (expected, 10), "less than a day before the invoices"
    night.month()
    assert only(night)["state"] == ("open" if rule == "skip" else "closed")


def test_a_reading_that_comes_late_is_asked_for_by_the_night_until_it_is_settled(
    monthly: Night,
) -> None:
    until(monthly, D(2026, 12, 10), 10)
    monthly.usage(alpha={D(2026, 11, 29): 12, D(2026, 12, 1): 10})
    monthly.tomorrow()
    monthly.daily()
    (asked,) = [one for one in monthly.api.opened if one["state"] == "open"]
    assert (asked["head"]["ref"], asked["title"]) == (
        BRANCH,
        "True-up 2026-11: 1 change, +20.00 USD per month",
    )
    assert "merge it to have exactly the true-up of 2026-11 written" in monthly.said[-1]
    monthly.month(D(2026, 12, 1))
    assert len(monthly.api.opened) == 1, "what December comes to is not asked for on top of it"
    assert monthly.merge(201).result == "written"
    assert units(monthly) == (12, 10)


def test_the_night_and_the_month_never_ask_for_the_same(monthly: Night) -> None:
    until(monthly, D(2026, 12, 1), 40)
    monthly.month()
    until(monthly, D(2026, 12, 2), 40)
    assert [one["head"]["ref"] for one in monthly.api.opened] == [BRANCH]


def test_by_the_schedule_nothing_is_asked_for(make_world: MakeWorld) -> None:
    night = by_merge(make_world, "")
    until(night, D(2026, 11, 28))
    shown = night.month()
    assert shown is not None
    assert (shown.request, night.api.opened) == (None, [])
    assert "2026-11" in night.summary.read_text("utf-8")
    until(night, D(2026, 12, 1))
    assert units(night) == (12, 10)


def test_a_month_before_billing_starts_is_nothing_to_set(make_world: MakeWorld) -> None:
    night = Night(make_world(billing_starts=D(2026, 11, 23)))
    night.world.sandbox.advance(timedelta(days=-20))
    assert night.month() is None
