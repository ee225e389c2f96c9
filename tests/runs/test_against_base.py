"""What a pull request causes: the plan of its configuration against that of another commit."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from reconciler.git import GitError
from reconciler.model.errors import PlanStale
from reconciler.report import plan_json
from reconciler.runs.applying import ApplyOptions, ApplyRun, Merged, apply
from reconciler.sandbox.transport import SandboxTransport
from tests.ledger.branch.copies import git
from tests.runs.beginnings import nightly, repository
from tests.runs.conftest import MakeWorld
from tests.runs.world import TODAY, World


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two lines of a configuration that is applied every night, committed as `main`; usage moves
    one of them since the last night."""
    world = nightly(make_world())
    repository(world)
    return world


def moved(world: World, **options: object) -> list[tuple[str, int, int]]:
    plan = world.plan(base="main", **options)
    return [(c.line.service, c.units_before, c.units_after) for c in plan.changes]


@pytest.mark.parametrize("offline", [False, True])
def test_only_the_lines_that_the_configuration_moves_are_in_it(world: World, offline: bool) -> None:
    world.configure(beta="minimum: 15")
    assert moved(world, offline=offline) == [("beta", 10, 15)]
    (change,) = world.plan(base="main", offline=offline).changes
    assert change.cause == "config"
    beside = world.run_plan(base="main", offline=offline).caused
    assert beside is not None
    assert [c.line.service for c in beside.tonight.changes] == ["alpha"]
    assert beside.anyway == ()


def test_a_line_that_both_move_is_planned_whole_with_what_usage_alone_would_do(
    world: World,
) -> None:
    world.configure(alpha="multiply: 2")
    run = world.run_plan(base="main")
    assert [c.units_after for c in run.planned.plan.changes] == [12, 24]
    assert run.caused is not None
    assert [c.units_after for c in run.caused.anyway] == [12]
    assert run.caused.tonight.changes == ()


def test_words_that_count_for_nothing_cause_nothing(world: World) -> None:
    path = world.config / "billing.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", encoding="utf-8")
    plan = world.plan(base="main")
    assert (plan.changes, plan.findings, plan.verdict) == ((), (), "in-step")


def test_findings_that_the_base_has_too_are_not_told_again(world: World) -> None:
    world.read("somebody else", {TODAY - timedelta(days=1): 5})
    world.configure(beta="minimum: 15")
    assert "USG003" in {found.code for found in world.plan().findings}
    assert "USG003" not in {found.code for found in world.plan(base="main").findings}


def test_a_new_mapping_is_planned_with_the_rows_that_only_it_needs(world: World) -> None:
    world.service("gamma")
    world.row("gamma", 3)
    world.baseline()
    world.steady("gamma", 4)
    world.configure()
    assert ("gamma", 3, 4) in moved(world)


def test_who_may_write_is_a_change_of_permission_and_not_of_units(make_world: MakeWorld) -> None:
    world = make_world(mode="observe")
    world.service("alpha")
    world.row("alpha", 10)
    world.configure()
    world.baseline()
    world.steady("alpha", 12)
    repository(world, "only watching")
    world.mode = "apply"
    world.configure()
    run = world.run_plan(base="main")
    assert run.planned.plan.changes == ()
    assert run.caused is not None
    (permission,) = run.caused.permissions
    assert (permission.before, permission.change.standing) == ("observed", "ready")
    assert permission.change.units_after == 12


def test_the_connection_is_that_of_the_base(world: World) -> None:
    asked: list[str] = []

    class Watched(httpx.BaseTransport):
        def __init__(self, inner: httpx.BaseTransport) -> None:
            self.inner = inner

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(f"{request.url.host}:{request.url.port}")
            return self.inner.handle_request(request)

    world.transport = Watched(SandboxTransport(world.sandbox.app))
    path = world.config / "billing.yaml"
    text = path.read_text("utf-8").replace("127.0.0.1:8480", "127.0.0.1:6666")
    path.write_text(text, encoding="utf-8")
    world.plan(base="main")
    assert set(asked) == {"127.0.0.1:8480"}


def test_looking_keeps_nothing(world: World) -> None:
    world.configure(beta="units: {fixed: 15, reason: as agreed}")
    before = world.ledger.extent()
    world.plan(base="main", keep=False)
    assert world.ledger.extent() == before


def test_what_was_reviewed_is_written_and_the_rest_is_left_to_the_night(world: World) -> None:
    world.configure(beta="units: {fixed: 15, reason: as agreed}")
    reviewed = plan_json.loads(plan_json.dumps(world.plan(base="main")))
    world.apply(reviewed=reviewed)
    assert (world.units("alpha"), world.units("beta")) == (10, 15)


def test_a_commit_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(GitError, match="'nowhere' is no commit here"):
        world.plan(base="nowhere")


def test_a_name_is_never_an_option_of_git(world: World, tmp_path: Path) -> None:
    with pytest.raises(GitError, match="no commit"):
        world.plan(base=f"--output={tmp_path / 'x'}")
    assert not (tmp_path / "x").exists()


def merged(world: World) -> Merged:
    """What is in the folder now, merged onto `main` as it was reviewed."""
    run = world.run_plan(base="main", keep=False)
    assert run.caused is not None
    return Merged("main", run.as_of, run.planned.plan.digest)


def write(world: World, review: Merged) -> ApplyRun:
    options = ApplyOptions("maria", "merge", merged=review)
    done = apply(world.around, world.ledger, options)
    assert done is not None
    return done


def test_a_merge_writes_exactly_what_it_causes(world: World) -> None:
    world.configure(beta="minimum: 15")
    write(world, merged(world))
    assert (world.units("alpha"), world.units("beta")) == (10, 15)
    assert world.run_plan().remembered.rules != ()


def test_a_merge_of_another_day_is_written_as_of_the_day_it_was_reviewed(world: World) -> None:
    world.configure(beta="minimum: 15")
    review = merged(world)
    world.sandbox.advance(timedelta(days=2))
    world.steady("alpha", 12)
    world.steady("beta", 10)
    (done,) = write(world, review).applied
    assert (done.change.day, world.units("beta")) == (review.as_of, 15)


def test_a_merge_whose_lines_the_night_wrote_meanwhile_is_refused(world: World) -> None:
    """What was shown as 10 -> 12 -> 24 would be another change by now, in units and in money."""
    world.configure(alpha="multiply: 2")
    review = merged(world)
    git(world.folder, "stash", "--quiet")
    world.apply(how="schedule")
    assert world.units("alpha") == 12
    git(world.folder, "stash", "pop", "--quiet")
    with pytest.raises(PlanStale):
        write(world, review)
    assert world.units("alpha") == 12


def test_a_merge_long_after_its_review_takes_nothing_back_that_was_written_since(
    world: World,
) -> None:
    world.configure(beta="minimum: 15")
    review = merged(world)
    git(world.folder, "stash", "--quiet")
    world.sandbox.advance(timedelta(days=5))
    world.read("beta", {date(2026, 11, day): 20 for day in range(23, 28)})
    world.steady("alpha", 12)
    world.apply(how="schedule")
    assert world.units("beta") == 20
    git(world.folder, "stash", "pop", "--quiet")
    with pytest.raises(PlanStale):
        write(world, review)
    assert world.units("beta") == 20


def test_a_line_that_leaves_the_configuration_is_named_and_no_change_of_the_night(
    world: World,
) -> None:
    services = world.services.copy()
    del world.services["alpha"]
    world.configure()
    world.services = services
    run = world.run_plan(base="main", keep=False)
    assert run.planned.plan.changes == ()
    assert run.caused is not None
    assert [line.service for line in run.caused.dropped.removed] == ["alpha"]
    assert run.caused.tonight.changes == ()


def test_what_attributes_leave_out_of_an_archive_is_in_the_base_all_the_same(world: World) -> None:
    (world.config / ".gitattributes").write_text("accounts/** export-ignore\n", encoding="utf-8")
    git(world.folder, "add", "billing-config")
    git(world.folder, "commit", "--quiet", "--amend", "--no-edit")
    assert world.plan(base="main").changes == ()


def test_a_merge_that_causes_something_else_by_now_is_refused_whole(world: World) -> None:
    world.configure(alpha="multiply: 2", beta="minimum: 15")
    review = merged(world)
    world.read("alpha", {date(2026, 11, 20): 40})
    with pytest.raises(PlanStale, match="not what was reviewed"):
        write(world, review)
    assert (world.units("alpha"), world.units("beta")) == (10, 10)


def test_a_contract_that_a_person_changed_meanwhile_is_left_alone(world: World) -> None:
    world.configure(beta="minimum: 15")
    review = merged(world)
    row = next(row for row in world.sandbox.tables().rows() if row.service == "beta")
    world.sandbox.ui.edit_units(row.row_id, 11)
    with pytest.raises(PlanStale):
        write(world, review)
    assert world.units("beta") == 11
