"""``reconciler github``: what the workflows call."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from reconciler.cli.commands.apply import exit_of as exit_of_apply
from reconciler.cli.commands.github_annotate import command as annotate_command
from reconciler.cli.commands.github_approve import command as approve_command
from reconciler.cli.commands.github_daily import command as daily_command
from reconciler.cli.commands.github_drift import command as drift_command
from reconciler.cli.commands.github_opening import client_of, on_pull_request, opened_or_said
from reconciler.cli.commands.github_true_up import command as true_up_command
from reconciler.cli.commands.plan import exit_of, save
from reconciler.cli.exits import Exit, worst
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, warn, write
from reconciler.cli.places import opened
from reconciler.model.errors import ReconcilerError
from reconciler.report.outside import inert, markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from reconciler.github import Event, GithubClient, Job
    from reconciler.ledger import Ledger
    from reconciler.model.plan import Plan
    from reconciler.runs.merging import Done
    from reconciler.runs.surroundings import Surroundings

_STAYS: Final[dict[str, str]] = {
    "closed": "the pull request is not open any more",
    "older": "this commit was planned again meanwhile",
    "superseded": "the pull request has a newer commit",
}


@click.group("github")
def command() -> None:
    """What the workflows call, in a job on GitHub."""


command.add_command(annotate_command)
command.add_command(approve_command)
command.add_command(daily_command)
command.add_command(drift_command)
command.add_command(true_up_command)


@command.command("apply")
@common("text", config=True, ledger=True)
def apply_command(options: Options) -> int:
    """Write what merged pull requests cause, each exactly as it was reviewed.

    For a workflow `on: push` to the main branch. Every commit since the last run is looked at, in
    order. A merge that causes something else by now is refused, and its comment says so. Exit code
    3 where something was refused, 4 where a merge was begun and is not done, even if nothing of it
    was sent: the next run goes on with it, and nothing else may be written before.
    """
    from reconciler.github import Job

    job = Job.of(os.environ)
    try:
        return worst([Exit.DONE, *_caught_up(options, job)])
    except ReconcilerError as error:
        told = markdown(error.message)
        job.summarize(f"## ❌ What was merged could not all be looked at: {told}\n\n")
        raise


def _caught_up(options: Options, job: Job) -> Iterator[Exit]:
    """How each merge ended."""
    from reconciler.runs.merging import Merges

    with (
        client_of(job) as client,
        _opened(options, job, client) as (around, ledger),
    ):
        for done in Merges(around, ledger, client, job.link).catch_up("HEAD"):
            write(inert(f"{done.commit[:12]}: {done.told}\n"))
            if done.untold:
                warn(f"the comment of #{done.number} could not be edited; the next run does it")
            if done.result == "in-part":
                job.summarize(_begun(done))
            yield _exit_of(done)


def _begun(done: Done) -> str:
    from reconciler.report import merge_status

    stopped = None if done.run is None else done.run.stopped
    return merge_status.begun(done.number, done.told, stopped)


def _opened(
    options: Options, job: Job, client: GithubClient
) -> AbstractContextManager[tuple[Surroundings, Ledger]]:
    """Whoever merged just now is told where that cannot be; of a schedule's run the day tells."""
    if os.environ.get("GITHUB_EVENT_NAME") != "push":
        return opened(options)
    return opened_or_said(options, on_pull_request(options, job, client))


def _exit_of(done: Done) -> Exit:
    if done.result == "refused":
        return Exit.PERSON
    exits = [Exit.PARTIAL if done.result == "in-part" else Exit.DONE]
    if done.run is not None:
        exits.append(exit_of_apply(done.run))
    return worst(exits)


@command.command("comment")
@click.option("--offline", is_flag=True, help="From the last readings and the last known state.")
@click.option("--out", type=click.Path(path_type=Path), help="Also save the plan as JSON.")
@common("text", config=True, ledger=True)
def comment_command(options: Options, out: Path | None, *, offline: bool) -> int:
    """Plan a pull request, and say it in its comment and in the job's summary.

    Takes `GITHUB_TOKEN` and the variables of the run. Nothing is written to BMS or to the ledger.
    Its newest commit gets a status: what merging writes, or why there is no plan. The exit code is
    the plan's, also where comment or status cannot be posted.
    """
    from reconciler.github import Job

    job = Job.of(os.environ)
    with client_of(job) as client:
        plan = _commented(options, job, client, offline=offline)
    if out is not None:
        save(plan, out)
    return exit_of(plan, detailed=False)


def _commented(options: Options, job: Job, client: GithubClient, *, offline: bool) -> Plan:
    from reconciler.report import annotated
    from reconciler.runs import stating
    from reconciler.runs.commenting import comment

    event = job.pull_request()
    try:
        with opened(options, create=False) as (around, ledger):
            said = comment(around, ledger, job, client, offline=offline)
    except ReconcilerError as error:
        _warn_of(stating.failed(job, client, event, options.config, error))
        raise
    if said.posted in _STAYS:
        note(f"the comment stays: {_STAYS[said.posted]}")
    elif said.posted != "failed":
        note(f"the comment: {said.posted}")
    for one in said.unsaid:
        warn(one)
    write(annotated.commands(said.remarks))
    return said.plan


@command.command("pending")
@common("text", config=True)
def pending_command(options: Options) -> int:
    """Say on a pull request's newest commit that it is being planned.

    Before the steps that lead to `reconciler github comment`, so that no earlier answer stands
    where one of them fails. What cannot be said is a warning.
    """
    from reconciler.runs.stating import pending

    return _state(options, pending)


@command.command("unplanned")
@common("text", config=True)
def unplanned_command(options: Options) -> int:
    """Say on a pull request's newest commit that there is no plan, unless an answer stands there.

    For a step that runs where one before it failed: nobody waits then for what does not come. What
    cannot be said is a warning.
    """
    from reconciler.runs.stating import ended

    return _state(options, ended)


def _state(options: Options, say: Callable[[Job, GithubClient, Event, Path], str]) -> Exit:
    from reconciler.github import Job

    job = Job.of(os.environ)
    with client_of(job) as client:
        _warn_of(say(job, client, job.pull_request(), options.config))
    return Exit.DONE


def _warn_of(unsaid: str) -> None:
    if unsaid:
        warn(unsaid)
