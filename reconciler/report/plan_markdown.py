"""The plan as GitHub Markdown, for a pull request or a job summary.

What a person must act on is never folded. Where the text must stay under a size, whole accounts
are left out, the smallest first, and a line says how many and what they are worth.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.findings import CODES
from reconciler.report import sentences, true_up
from reconciler.report.alike import Alike, alike, findings_in
from reconciler.report.markdown_table import details, fitting, table
from reconciler.report.money import of_finding, signed, with_code
from reconciler.report.outside import markdown, markdown_code
from reconciler.report.plan_view import by_cause, by_standing, shown_of
from reconciler.report.remedies import on_github
from reconciler.report.sections import name, words
from reconciler.report.steps_markdown import numbered
from reconciler.report.words import STANDINGS, counted, move, told_why
from reconciler.report.worth import figure, per_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Plan, Standing, Verdict
    from reconciler.report.plan_view import AccountGroup, FindingGroup, StandingGroup

    Named: TypeAlias = Mapping[Standing, str]

SUMMARY_BYTES: Final = 1_000_000
"""GitHub drops a job summary above 1 MiB whole."""
COMMENT_BYTES: Final = 60_000
"""GitHub refuses a comment above 65,536 characters."""

_URGENT: Final[frozenset[Standing]] = frozenset({"held", "by-hand"})
_OVERVIEW_ROWS: Final = 50
_SHARES: Final = ((4, 16), (16, 16), (64, 64), (256, 256))
"""No list of findings takes more than this part of the limit, the first where a person must act;
the first pair that lets all fit."""
_LEFT_OUT_BYTES: Final = 300
_IN_JSON: Final = "All of it is in the plan's JSON: `reconciler plan --out plan.json`."
_SIGNS: Final[dict[Verdict, str]] = {
    "in-step": "✅",
    "changes": "📝",
    "person-needed": "⚠️",
    "nothing-checked": "❌",
}
_RISING: Final = ("", "✅", "📝", "❌", "⚠️")
_COLUMNS: Final = ("Service", "Units", "From", "Per month", "Prorated", "Why")
_RIGHT: Final = frozenset({"Units", "Changes", "Per month", "Prorated"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What is said around a plan that is part of something else."""

    headline: str
    beside: tuple[str, ...]
    next_steps: tuple[sentences.Next, ...]
    warning: str = ""
    """Said first, and so that nobody reads past it."""
    rules: str = ""
    """Said after it, as Markdown."""
    sign: str = ""
    """Shown where the plan's own says less."""
    beyond: tuple[Finding, ...] = ()
    """Usage without an account that the plan has nothing to do with: counted in one line."""
    standings: Mapping[Standing, str] = field(default_factory=dict)
    """Other words for how a change stands."""


def render(
    plan: Plan,
    *,
    limit: int = SUMMARY_BYTES,
    frame: Frame | None = None,
    accounts: Sequence[str] = (),
    steps: Sequence[sentences.Next] = (),
) -> str:
    """The plan, of these ``accounts`` alone where any are named, in at most ``limit`` bytes of
    UTF-8, which must leave room for a few lines. ``steps``: in place of its own."""
    own = frame.next_steps if frame is not None else sentences.next_steps(plan, accounts)
    for urgent, other in _SHARES:
        shares = limit // urgent, limit // other
        text = _joined(_parts(plan, limit, shares, frame, steps or own))
        if len(text.encode()) <= limit:
            return text
    shortened = f"**Shortened:** the plan is too long to be shown here. {_IN_JSON}"
    return _joined([_head(plan, frame), shortened])


def _joined(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(
    plan: Plan,
    limit: int,
    shares: tuple[int, int],
    frame: Frame | None,
    steps: Sequence[sentences.Next],
) -> list[str]:
    first, share = shares
    groups = by_standing(plan)
    named = STANDINGS if frame is None else {**STANDINGS, **frame.standings}
    causes = by_cause(shown_of(plan))
    urgent = [group for group in groups if group.standing in _URGENT]
    # What a person must act on comes before everything else, and half of the text is for it.
    room = limit // 2 // max(len(urgent), 1)
    head = [
        _head(plan, frame),
        *(_urgent(group, plan.currency, room) for group in urgent),
        _findings("Needs a person", [one for one in causes if one.urgent], plan.currency, first),
        _overview(groups, plan.currency, named),
    ]
    tail = [
        _findings("Good to know", [one for one in causes if not one.urgent], plan.currency, share),
        _beyond(plan, frame, share),
        _checked(plan),
        _next(steps),
    ]
    room = limit - sum(len(part.encode()) + 2 for part in (*head, *tail)) - _LEFT_OUT_BYTES
    calm = [group for group in groups if group.standing not in _URGENT]
    folded = _folded(calm, plan, room, named)
    return [*head, *folded, *tail]


def _head(plan: Plan, frame: Frame | None) -> str:
    month = plan.true_up
    special = true_up.headline(plan, month) if month is not None else None
    if frame is not None:
        special = frame.headline
    sign = _SIGNS[plan.verdict]
    if frame is not None:
        sign = max(sign, frame.sign, key=_RISING.index)
    lines = [f"## {sign} {markdown(special or sentences.headline(plan))}"]
    if frame is not None:
        if frame.warning:
            lines.append(f"> [!CAUTION]\n> {markdown(frame.warning)}")
        lines.extend([frame.rules] if frame.rules else [])
        lines.extend(markdown(sentence) for sentence in frame.beside)
    if month is not None:
        lines.extend(markdown(sentence) for sentence in true_up.sentences(plan, month))
    if frame is None and (again := sentences.undone_again(plan)):
        lines.append(f"> [!WARNING]\n> {markdown_code(again)}")
    told = frame is not None and frame.beyond
    looked = replace(plan.checked, organizations_unmapped=0) if told else plan.checked
    if weak := sentences.weaknesses(looked):
        lines.append(f"> [!WARNING]\n> {markdown(weak)}")
    return "\n\n".join(lines)


def _urgent(group: StandingGroup, currency: str, room: int) -> str:
    meaning = group.meaning
    rows = [
        (markdown(account.account), *row)
        for account in group.accounts
        for row in _rows(account, currency)
    ]
    shown = fitting([" | ".join(row) for row in rows], room)
    parts = [
        f"### {_title(group, currency)}",
        f"{meaning[0].upper()}{meaning[1:]}.",
        table(("Account", *_COLUMNS), rows[:shown], _RIGHT),
    ]
    if more := len(rows) - shown:
        parts.append(f"**… and {counted(more, 'more change')}, smaller ones.** {_IN_JSON}")
    return "\n\n".join(parts)


def _title(group: StandingGroup, currency: str) -> str:
    return sentences.section_title(group.title, group.changes, currency)


def _overview(groups: Iterable[StandingGroup], currency: str, named: Named) -> str:
    rows = [
        (
            markdown(account.account),
            named[group.standing].lower(),
            f"{len(account.changes):,}",
            figure(account.changes, currency),
            signed(account.money.prorated, currency),
        )
        for group in groups
        if group.standing not in _URGENT
        for account in group.accounts
    ]
    if not rows:
        return ""
    columns = ("Account", "Standing", "Changes", "Per month", "Prorated")
    shown = table(columns, rows[:_OVERVIEW_ROWS], _RIGHT)
    more = len(rows) - _OVERVIEW_ROWS
    rest = f"\n\n… and {counted(more, 'more row', 'more rows')}, smaller ones." if more > 0 else ""
    return f"### By account, in {markdown(currency)}\n\n{shown}{rest}"


def _folded(groups: list[StandingGroup], plan: Plan, room: int, named: Named) -> list[str]:
    parts: list[str] = []
    left_out: list[AccountGroup] = []
    for group in groups:
        for account in group.accounts:
            part = _account(account, named[group.standing], plan.currency)
            size = len(part.encode()) + 2
            if left_out or size > room:
                left_out.append(account)
            else:
                room -= size
                parts.append(part)
    return [*parts, *_left_out(left_out, plan.currency)]


def _left_out(accounts: list[AccountGroup], currency: str) -> list[str]:
    if not accounts:
        return []
    changes = [change for account in accounts for change in account.changes]
    return [
        f"**Shortened:** {counted(len(changes), 'more change')} on"
        f" {counted(len(accounts), 'account')}, {per_month(changes, currency)}. {_IN_JSON}"
    ]


def _account(account: AccountGroup, standing: str, currency: str) -> str:
    money = per_month(account.changes, currency)
    changes = counted(len(account.changes), "change")
    summary = f"{markdown(account.account)}: {changes}, {money} ({standing.lower()})"
    return details(summary, table(_COLUMNS, list(_rows(account, currency)), _RIGHT))


def _rows(account: AccountGroup, currency: str) -> Iterable[tuple[str, ...]]:
    for change in account.changes:
        contract = f" ({change.line.contract})" if account.several_contracts else ""
        yield (
            markdown(change.line.service + contract),
            move(change, currency),
            change.day.isoformat(),
            figure([change], currency),
            signed(change.money.prorated, currency),
            markdown(told_why(change, currency)),
        )


def _findings(title: str, groups: list[FindingGroup], currency: str, room: int) -> str:
    if not groups:
        return ""
    shown = (_finding_group(group, currency, room) for group in groups)
    return "\n\n".join([f"### {title}", *shown])


def _finding_group(group: FindingGroup, currency: str, room: int) -> str:
    entry = CODES.get(group.code)
    title = f"{group.severity} {group.code} {entry.title if entry else ''}".strip()
    body = _group_body(group, currency, room)
    heading = f"{markdown_code(title)} ({len(group.findings):,})"
    if group.severity == "info" and not group.urgent:
        return details(heading, body)
    return f"**{heading}**\n\n{body}"


def _group_body(group: FindingGroup, currency: str, room: int) -> str:
    told = alike(group.findings, room)
    lines = [f"- {_finding(finding, currency)}" for finding in told]
    shown = fitting(lines, room)
    if more := findings_in(told[shown:]):
        lines[shown:] = [f"- … and {more:,} more. {_IN_JSON}"]
    return "\n".join([*lines, "", f"→ {markdown_code(on_github(group.code, group.remedy))}"])


def _finding(told: Alike, currency: str) -> str:
    finding = told.first
    parts = [f"**{about}**:"] if (about := told.about(name)) else []
    parts.append(words(finding.message))
    if money := of_finding(finding, currency, markdown(currency)):
        parts.append(f"({money})")
    if finding.origin:
        parts.append(f"({markdown(finding.origin.file)})")
    return " ".join(parts)


def _beyond(plan: Plan, frame: Frame | None, room: int) -> str:
    if frame is None or not frame.beyond:
        return ""
    money = sum((found.money for found in frame.beyond if found.money), Decimal(0))
    worth = f", {with_code(signed(money, plan.currency), plan.currency)} per month" if money else ""
    count = counted(plan.checked.organizations_unmapped, "organization")
    has = "has" if plan.checked.organizations_unmapped == 1 else "have"
    summary = markdown(f"Merged or not: {count} {has} usage without an account{worth}")
    groups = by_cause(frame.beyond)
    return details(summary, "\n\n".join(_group_body(one, plan.currency, room) for one in groups))


def _checked(plan: Plan) -> str:
    lines = [f"- {markdown(sentence)}" for sentence in sentences.checked(plan)]
    basis = f"<sub>{markdown(sentences.basis(plan))}. {markdown(sentences.assumed(plan))}</sub>"
    return "\n".join(["### Checked", "", *lines, "", basis])


def _next(steps: Sequence[sentences.Next]) -> str:
    return f"### Next\n\n{numbered(steps)}".rstrip("\n")
