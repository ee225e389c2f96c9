"""Which mistakes lie on lines that a pull request changes: GitHub shows only those in its diff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from reconciler.desired import locate
from reconciler.desired.files import unlabelled
from reconciler.git import Diff, GitError, Revisions
from reconciler.github import Event, GithubError
from reconciler.github.event import pull_request
from reconciler.model.errors import ConfigError
from reconciler.model.finding import Finding, Problem
from reconciler.report import policy_tests_text
from reconciler.report.annotated import NOTHING, Annotated, arranged
from reconciler.runs.policy_tests import check, run_policy_tests

AROUND: Final = 3
"""GitHub's diff shows so many lines before and after those that are changed."""


def annotate(config: Path, env: Mapping[str, str], *, tests: bool) -> Annotated:
    """Every mistake of a configuration, and of its policy tests.

    Needs no secret and no network. Outside a pull request, and where git cannot tell what it
    changes, all count as on changed lines: none is lost.
    """
    results, found = run_policy_tests(config) if tests else ((), check(config))
    problems = [*found, *policy_tests_text.problems_of(results)]
    try:
        return _placed(config, pull_request(Path(env["GITHUB_EVENT_PATH"])), problems)
    except (KeyError, GithubError, GitError):
        return arranged(problems)


def remarks(config: Path, event: Event, findings: Iterable[Finding]) -> Annotated:
    """What a plan finds on lines that its pull request changes; the comment has all of it."""
    problems = list(dict.fromkeys(one for found in findings for one in _problem(config, found)))
    try:
        return arranged(_placed(config, event, problems).shown)
    except GitError:
        return NOTHING


def onto(folder: Path, event: Event) -> Event:
    """With the commit that the checkout was merged onto, where it is GitHub's trial merge: the
    event's own may be older."""
    match Revisions(folder).parents("HEAD"):
        case [base, head] if head == event.head:
            return replace(event, base=base)
        case _:
            return event


def _placed(config: Path, event: Event, problems: Sequence[Problem]) -> Annotated:
    revisions = Revisions(config)
    diff = Diff(config, revisions.commit(onto(config, event).base), revisions.commit("HEAD"))
    files = diff.files()
    changed = {
        file: diff.lines(name)
        for file in {one.position.file for one in problems}
        if (name := unlabelled(config, file)) in files
    }
    placed: dict[bool, list[Problem]] = {True: [], False: []}
    for one in problems:
        shown = _shown(one.position.line, changed.get(one.position.file, ()))
        placed[shown].append(one)
    return arranged(placed[True], placed[False])


def _shown(line: int, changed: Iterable[range]) -> bool:
    return any(part.start - AROUND <= line < part.stop + AROUND for part in changed)


def _problem(config: Path, finding: Finding) -> Iterable[Problem]:
    """None for what is only good to know, what is waived, and what has no place."""
    if finding.origin is None or finding.severity == "info" or finding.waived is not None:
        return
    try:
        place = locate(config, finding.origin)
    except ConfigError:
        return
    yield Problem(finding.code, finding.message, finding.remedy, place, "warning")
