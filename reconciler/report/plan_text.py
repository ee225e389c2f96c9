"""The plan on a terminal, or in a file: readable at 80 columns, and without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.padding import Padding
from rich.text import Text

from reconciler.findings import CODES
from reconciler.report import changes_table, sentences, true_up
from reconciler.report.alike import Alike, alike, findings_in
from reconciler.report.copied import to_copy
from reconciler.report.money import of_finding
from reconciler.report.outside import plain
from reconciler.report.plan_view import by_cause, by_standing, shown_of
from reconciler.report.remedies import with_command
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType

    from reconciler.model.finding import Severity
    from reconciler.model.plan import Plan, Standing, Verdict
    from reconciler.report.plan_view import FindingGroup, StandingGroup

NOTES_SHOWN: Final = 10
"""Of one cause, where nobody has to act; the rest is always listed in full."""

_VERDICTS: Final[dict[Verdict, str]] = {
    "in-step": "bold green",
    "changes": "bold",
    "person-needed": "bold yellow",
    "nothing-checked": "bold red",
}
_STANDINGS: Final[dict[Standing, str]] = {
    "held": "bold yellow",
    "by-hand": "bold yellow",
    "proposed": "bold cyan",
    "ready": "bold green",
    "scheduled": "bold",
    "observed": "bold",
}
_SEVERITIES: Final[dict[Severity, str]] = {"error": "red", "warning": "yellow", "info": "cyan"}


def render(plan: Plan, console: Console, accounts: Sequence[str] = ()) -> None:
    """Print the plan, of these ``accounts`` alone where any are named.

    Every change is shown, and every finding that a person must act on.
    """
    _say(console, _headline(plan), _VERDICTS[plan.verdict])
    if plan.true_up is not None:
        for sentence in true_up.sentences(plan, plan.true_up):
            _say(console, plain(sentence))
    if again := sentences.undone_again(plan):
        _say(console, again, "yellow")
    if weak := sentences.weaknesses(plan.checked):
        _say(console, weak, "yellow")
    for group in by_standing(plan):
        _standing(group, plan, console)
    _findings(plan, console)
    _checked(plan, console)
    _next(plan, accounts, console)


def _headline(plan: Plan) -> str:
    special = true_up.headline(plan, plan.true_up) if plan.true_up is not None else None
    return special or sentences.headline(plan)


def _say(console: Console, text: str, style: str = "") -> None:
    # Printed as they are: no markup, no emoji codes, nothing picked out by a pattern.
    console.print(Text(plain(text), style=style))


def _heading(console: Console, text: str, style: str = "bold") -> None:
    console.print()
    _say(console, text, style)


def _indented(console: Console, what: RenderableType, by: int = 2) -> None:
    console.print(Padding(what, (0, 0, 0, by), expand=False))


def _standing(group: StandingGroup, plan: Plan, console: Console) -> None:
    title = sentences.section_title(group.title, group.changes, plan.currency)
    _heading(console, title, _STANDINGS[group.standing])
    _indented(console, Text(group.meaning, style="dim"))
    changes_table.render(group, plan.currency, console)


def _findings(plan: Plan, console: Console) -> None:
    groups = by_cause(shown_of(plan))
    urgent = [group for group in groups if group.urgent]
    rest = [group for group in groups if not group.urgent]
    for title, style, some in (
        ("Needs a person", "bold yellow", urgent),
        ("Good to know", "bold", rest),
    ):
        if some:
            _heading(console, title, style)
            for group in some:
                _finding_group(group, plan.currency, console)


def _finding_group(group: FindingGroup, currency: str, console: Console) -> None:
    title = Text(f"{group.severity} {group.code}", style=_SEVERITIES[group.severity])
    if entry := CODES.get(group.code):
        title.append(f" {entry.title}", style="bold")
    _indented(console, title)
    told = alike(group.findings)
    shown = told if group.urgent else told[:NOTES_SHOWN]
    for same in shown:
        _indented(console, Text(_finding(same, currency)), by=4)
    if more := findings_in(told[len(shown) :]):
        hidden = f"and {counted(more, 'more', 'more')}; `--format json` lists all"
        _indented(console, Text(hidden, style="dim"), by=4)
    what, command = with_command(plain(group.remedy))
    _indented(console, Text(f"-> {what}", style="dim"), by=4)
    if command is not None:
        to_copy(command, console, by=7)


def _finding(same: Alike, currency: str) -> str:
    finding, subject = same.first, same.about()
    money = f" ({told})" if (told := of_finding(finding, currency)) else ""
    where = f" [{finding.origin.file}]" if finding.origin else ""
    return plain(f"- {subject + ': ' if subject else ''}{finding.message}{money}{where}")


def _checked(plan: Plan, console: Console) -> None:
    _heading(console, "Checked")
    for sentence in sentences.checked(plan):
        _indented(console, Text(plain(sentence)))
    for sentence in (sentences.basis(plan), sentences.assumed(plan)):
        _indented(console, Text(plain(sentence), style="dim"))


def _next(plan: Plan, accounts: Sequence[str], console: Console) -> None:
    _heading(console, "Next")
    for number, step in enumerate(sentences.next_steps(plan, accounts), start=1):
        _indented(console, Text(f"{number}. {step.what}"))
        for command in step.commands:
            to_copy(command, console)
