"""What no workflow may do, whatever else is changed in it."""

from __future__ import annotations

import re

import pytest

from tests.workflows.files import ACTION, CALLERS, ROOT, dumped, jobs, steps, workflows

PINS = {
    "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1",
    "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97",
    "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
}
LEDGER, COMMENT, ISSUE = {"contents": "write"}, {"pull-requests": "write"}, {"issues": "write"}
STATUS = {"statuses": "write"}
BRANCH = {"contents": "write"}
"""Of a pull request: the ledger's is not touched."""
READ = {"contents": "read"}
LEAST = {
    "accept.accept": LEDGER,
    "apply.apply": LEDGER | COMMENT,
    "approve.approve": BRANCH | COMMENT | STATUS,
    "baseline.baseline": LEDGER,
    "ci.check": READ,
    "daily.daily": LEDGER | COMMENT | ISSUE | STATUS,
    "drift.drift": LEDGER | ISSUE | COMMENT | STATUS,
    "explain.explain": READ,
    "plan.plan": READ | COMMENT | STATUS,
    "plan.validate": READ,
    "true-up.true-up": BRANCH | COMMENT | STATUS,
}
PROPOSES = {"approve.approve", "true-up.true-up"}
WRITES_BMS = {"apply.apply", "daily.daily"}
OWN = "github.event.pull_request.head.repo.full_name == github.repository &&"
DEFAULT_BRANCH = "github.ref_name == github.event.repository.default_branch"


def test_a_workflow_is_given_nothing_and_a_job_the_least() -> None:
    assert [one["permissions"] for one in workflows().values()] == [{}] * len(workflows())
    assert {name: job["permissions"] for name, job in jobs()} == LEAST


def test_every_action_is_pinned_or_our_own() -> None:
    used = {step["uses"] for _, step in steps() if "uses" in step}
    assert used == PINS | {ACTION}


def test_no_expression_is_put_into_a_script() -> None:
    scripts = [step["run"] for _, step in steps() if "run" in step]
    assert len(scripts) > 10
    assert not [script for script in scripts if "${{" in script]


def test_no_trigger_runs_with_our_rights_on_what_others_wrote() -> None:
    for name, workflow in workflows().items():
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(workflow["on"])
        assert ("pull_request" in workflow["on"]) == (name in ("plan", "ci"))


def test_what_adds_to_the_ledger_waits_in_one_queue_and_is_never_dropped() -> None:
    adds = {name: job for name, job in jobs() if job["permissions"].get("contents") == "write"}
    assert set(adds) >= WRITES_BMS | PROPOSES
    queue = {"group": "reconciler-ledger", "cancel-in-progress": False, "queue": "max"}
    for name, job in adds.items():
        own = f"reconciler-{name.partition('.')[0]}"
        group = own if name in PROPOSES else "reconciler-ledger"
        assert job["concurrency"] == queue | {"group": group}, name
    others = {
        job["concurrency"]["group"] for name, job in jobs() if name not in adds | {"ci.check": 0}
    }
    assert "reconciler-ledger" not in others


def test_every_job_ends() -> None:
    assert all(job["timeout-minutes"] <= 120 for _, job in jobs())


def test_a_forks_pull_request_reaches_no_secret() -> None:
    for name, job in jobs():
        if name.startswith(("plan.", "ci.")) and "secrets." in dumped(job):
            assert job["if"].startswith(OWN), name
    assert "secrets." not in dumped(workflows()["plan"]["jobs"]["validate"])
    assert "github.token" not in dumped(workflows()["plan"]["jobs"]["validate"])


def test_secrets_and_tokens_are_given_to_single_steps() -> None:
    for name, job in jobs():
        around = {key: value for key, value in job.items() if key != "steps"}
        assert not re.search(r"secrets\.|github\.token|secrets: inherit", dumped(around)), name
        for step in job["steps"]:
            given = step.get("env", {}) if "run" in step else {}
            rest = {key: value for key, value in step.items() if key != "env"}
            assert not re.search(r"secrets\.|github\.token", dumped(rest)), name
            assert "run" in step or not given, name


def test_secrets_are_bound_to_an_environment() -> None:
    for name, job in jobs():
        place = job.get("environment")
        wanted = "billing-write" if name in WRITES_BMS else "billing-read"
        found = place["name"] if isinstance(place, dict) else place
        assert found == (wanted if "secrets." in dumped(job) else None), name


def test_no_checkout_keeps_a_credential() -> None:
    checkouts = [
        step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert len(checkouts) > 5
    assert {step["with"]["persist-credentials"] for step in checkouts} == {False}


def test_what_adds_to_the_ledger_or_proposes_takes_the_newest_commit() -> None:
    """A job that waited, or is run again, would take back what was merged since."""
    for name, job in jobs():
        if job["permissions"].get("contents") == "write" and name != "baseline.baseline":
            assert job["steps"][0]["with"]["ref"] == "${{ github.ref }}", name


def test_a_pull_request_into_another_branch_reaches_no_secret() -> None:
    assert "base.ref == github.event.repository.default_branch &&" in dumped(
        workflows()["plan"]["jobs"]["plan"]["if"]
    )


def test_a_pull_request_is_planned_with_the_base_branchs_ledger() -> None:
    for job in workflows()["plan"]["jobs"].values():
        base, head, setup = job["steps"][:3]
        assert base["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
        assert "ref" not in head["with"]
        assert base["with"]["path"] in setup["with"]["program"]
    pull = workflows()["plan"]["jobs"]["plan"]["steps"][4]
    assert (pull["run"], pull["working-directory"]) == ("reconciler ledger pull", "base")


def test_schedules_are_off_the_hour() -> None:
    crons = [
        one["cron"]
        for folder in (workflows(), workflows(CALLERS))
        for workflow in folder.values()
        for one in workflow["on"].get("schedule", ())
    ]
    assert len(crons) == 6
    assert not {cron.split()[0] for cron in crons} & {"0", "15", "30", "45", "*"}


def test_a_form_adds_to_the_ledger_only_from_the_default_branch() -> None:
    for name, job in jobs():
        workflow = workflows()[name.partition(".")[0]]
        if "workflow_dispatch" in workflow["on"] and job["permissions"]["contents"] == "write":
            assert DEFAULT_BRANCH in job["if"], name


@pytest.mark.parametrize("name", sorted(workflows(CALLERS)))
def test_a_callers_file_gives_just_what_the_called_one_needs(name: str) -> None:
    called, caller = workflows()[name], workflows(CALLERS)[name]
    (job,) = caller["jobs"].values()
    needed: dict[str, str] = {}
    for one in called["jobs"].values():
        needed |= {
            key: max(value, needed.get(key, "")) for key, value in one["permissions"].items()
        }
    assert (caller["permissions"], job["permissions"]) == ({}, needed)
    call = called["on"]["workflow_call"]
    assert set(job.get("secrets", {})) == set(call.get("secrets", {}))
    assert set(job.get("with", {})) == set(call["inputs"]) - {"called"}
    assert set(caller["on"]) == set(called["on"]) - {"workflow_call"}
    for event in set(caller["on"]) - {"workflow_dispatch"}:
        assert caller["on"][event] == called["on"][event]


def test_every_job_looks_where_its_caller_says_and_else_at_the_usual_place() -> None:
    for name, job in jobs():
        if not name.startswith("ci."):
            assert job["env"]["RECONCILER_CONFIG"] == "${{ inputs.config || 'billing-config' }}"
    for name, caller in workflows(CALLERS).items():
        (job,) = caller["jobs"].values()
        given = workflows()[name]["on"]["workflow_call"]["inputs"]["config"]
        assert job["with"]["config"] == given["default"] == "billing-config"


def test_two_configurations_do_not_cancel_each_others_plans() -> None:
    for name, job in jobs():
        if name.startswith("plan."):
            assert "${{ inputs.config }}" in job["concurrency"]["group"], name


def test_every_workflow_for_others_has_a_callers_file() -> None:
    callable_ = {name for name, one in workflows().items() if "workflow_call" in one["on"]}
    assert set(workflows(CALLERS)) == callable_ == set(workflows()) - {"ci"}


def test_the_action_installs_what_was_tested() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text("utf-8")
        return set(re.findall(r"^([a-z0-9-]+==\S+)", text, re.MULTILINE))

    assert pins("requirements-action.lock") <= pins("requirements.lock")
