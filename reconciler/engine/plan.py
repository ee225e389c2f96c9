"""A plan from what its accounts come to: what only all of them together can tell is said here."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace

from reconciler.engine.accepted import as_wanted
from reconciler.engine.assembled import assembled, checked_of
from reconciler.engine.credits import credit_findings
from reconciler.engine.entry import PlanInput
from reconciler.engine.examined import Examined, examined
from reconciler.engine.exclusions import unknown_to_all
from reconciler.engine.freshness import Freshness, unmapped
from reconciler.engine.guards import Limits
from reconciler.engine.judged import judged
from reconciler.engine.kept import kept_findings
from reconciler.engine.lapses import lapse_findings
from reconciler.engine.left_behind import left_behind
from reconciler.engine.misspelt import misspelt_findings
from reconciler.engine.organizations import Directory
from reconciler.engine.part import Part
from reconciler.engine.quiet import fallen, uncounted_types
from reconciler.engine.trueup import empty_finding, provisional_finding, summary
from reconciler.engine.unanswered import unanswered
from reconciler.engine.unmerged import local_time, unmerged
from reconciler.findings import finding
from reconciler.model.finding import Finding
from reconciler.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, and what came up while it was made."""

    plan: Plan
    examined: Examined


def make_plan(entry: PlanInput) -> Planned:
    """Examine every account, then guard and judge all changes together."""
    looked = examined(entry)
    return Planned(put_together(entry, looked.part), looked)


def put_together(entry: PlanInput, part: Part, told: Set[Finding] = frozenset()) -> Plan:
    """The plan of a part, or of joined parts. ``entry``'s accounts are not asked.

    Findings that were ``told`` already are left out, wherever they stand.
    """
    limits = Limits(
        guards=entry.state.guards,
        waivers=part.limits,
        approved=frozenset(),
        as_of=entry.as_of,
        currency=entry.state.currency,
    )
    done = entry.remembered.done_changes
    waits = unmerged(part.changes, entry.state, local_time(entry))
    changes, verdicts = judged(part.changes, limits, entry.approved, done, frozenset(waits.ends))
    directory = Directory(
        entry.usage,
        entry.as_of,
        entry.state.exclusions,
        claimed=dict(part.claimed),
        left_out=part.left_out,
    )
    loose, unmapped_count, excluded = unmapped(directory, part.offered, entry.state.currency)
    month = entry.true_up
    true_up = None
    if month is not None:
        true_up = summary(entry.state, month, part.trued, local_time(entry))
    findings = [
        *part.findings,
        *_silent(entry, part),
        *_begins_today(entry, part),
        *verdicts.findings,
        *waits.findings(changes),
        *credit_findings(changes, part.bills, entry.seen.contracts, entry.state.currency),
        *([] if entry.only else [*loose, *unanswered(entry, part.answered)]),
        *([] if entry.only else left_behind(entry, part.contracts, part.findings)),
        *([] if entry.only else _left_out_in_vain(entry)),
        *fallen(part.fell),
        *kept_findings(part.kept, entry.usage.organizations),
        *lapse_findings(part.lapses, changes, entry.state.currency),
        *uncounted_types(part.loose),
        *misspelt_findings(part.misspelt),
        *(provisional_finding(true_up, part.trued) if true_up is not None else ()),
        *([empty_finding(month, part.past)] if month is not None and not part.trued else ()),
    ]
    wanted = as_wanted(findings, entry.state.shown, part.waivers, entry.as_of)
    findings = [found for found in wanted if not told or unplaced(found) not in told]
    checked = checked_of(entry, part, unmapped_count, excluded)
    return assembled(entry, changes, findings, checked, true_up)


def unplaced(found: Finding) -> Finding:
    """What it says, wherever the configuration lies."""
    return replace(found, origin=None)


def _silent(entry: PlanInput, part: Part) -> Iterator[Finding]:
    fresh = Freshness(entry.usage, entry.as_of)
    fresh.silent.update(part.silent)
    return fresh.report()


def _begins_today(entry: PlanInput, part: Part) -> Iterator[Finding]:
    """Why lines have no count yet on the first day that is billed."""
    lacking = part.counts.lines - part.counts.lines_counted
    if entry.state.billing_starts == entry.as_of and lacking and entry.true_up is None:
        message = f"billing starts today, on {entry.as_of}: lines count once this day is over"
        yield finding("MOD005", message)


def _left_out_in_vain(entry: PlanInput) -> Iterator[Finding]:
    return unknown_to_all(entry.state.exclusions, entry.usage.organizations, entry.as_of)
