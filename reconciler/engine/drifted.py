"""What a proof that failed says to a person: what would explain it, and how to take it over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.amounts import amount, with_code
from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.edits import Edit
from reconciler.engine.lines import LineWork
from reconciler.engine.proof import Drifted, NotClosed
from reconciler.engine.proration import rounded
from reconciler.model.ledgered import Intent

SHOWN: Final = 3
"""As many explanations, and as many lines in a command that a person fills in."""


def drift_words(drift: Drifted, outcome: ContractOutcome, currency: str) -> str:
    """What shows that somebody changed BMS, and what they may have done."""
    words = []
    if drift.difference:
        off = signed(rounded(Fraction(drift.difference), currency))
        words.append(f"its total is {off} {currency} off what is expected")
    words.extend(drift.seen)
    words.extend(drift.others)
    if drift.difference:
        words.append(_edits(drift, outcome))
    return "; ".join(words)


def not_closed(rest: NotClosed, outcome: ContractOutcome, currency: str) -> tuple[str, str]:
    """By how much the known units are off, and the remedy."""
    off = rounded(Fraction(rest.difference), currency)
    if not any(work.bound.rows for work in outcome.works):
        total = with_code(amount(off, currency), currency)
        return (
            f"its total is {total}, and BMS shows no row that makes it up",
            "look in BMS which services the contract has, and whether the API's user may see them",
        )
    words = f"its total is {signed(off)} {currency} off its lines; {_edits(rest, outcome)}"
    return words, f"read the units in BMS again and take them over{take_over(rest, outcome)}"


def end_of_doubt(intent: Intent, outcome: ContractOutcome) -> str:
    """The command that ends a write in doubt, with the units that a person reads then."""
    names = {work.bound.service.id: work.bound.ref.service for work in outcome.works}
    service = names.get(intent.line.service_id, "SERVICE")
    contract = intent.line.contract_id
    return f'`reconciler drift --accept {contract} --units {service}=N --reason "..."`'


def only_noted(services: Collection[int], outcome: ContractOutcome) -> tuple[str, str]:
    """What the notes say, and the remedy."""
    noted = [work for work in outcome.works if work.bound.service.id in services]
    words = ", ".join(f"{_now(w, None, ())} of {w.bound.ref.bms_service}" for w in noted[:SHOWN])
    more = f" and {len(noted) - SHOWN} more" if len(noted) > SHOWN else ""
    units = " ".join(f"--units {w.bound.ref.service}={_now(w, None, ())}" for w in outcome.works)
    contract = outcome.works[0].bound.ref.contract_id
    return (
        f"only our notes tell its units: {words}{more}",
        "look at the units in BMS, and say what it has: `reconciler drift --accept"
        f' {contract} {units} --reason "..."`, or import a baseline',
    )


def _edits(off: Drifted | NotClosed, outcome: ContractOutcome) -> str:
    """What would explain it, in words: units of others alone, and edits of single lines."""
    names = {w.bound.service.id: w.bound.ref.bms_service for w in outcome.works}
    edits = [edit_words(edit, names) for edit in smallest_first(off.edits)[:SHOWN]]
    alone = _alone(off)[:SHOWN]
    if edits and alone and isinstance(off, Drifted) and off.others:
        return (
            f"{' or '.join(alone)} would explain it, and so would another number beside one of"
            f" these edits: {', '.join(edits)}"
        )
    found = [*edits, *alone]
    if not found:
        return "no edit of a single line would explain it"
    if len(found) == 1:
        return f"{found[0]} would explain it"
    return f"one of these would explain it: {', '.join(found)}"


def smallest_first(edits: Iterable[Edit]) -> list[Edit]:
    """A hand edit of a few units is likelier than one of hundreds."""
    return sorted(edits, key=lambda edit: (abs(edit.moved), edit))


def edit_words(edit: Edit, names: Mapping[int, str]) -> str:
    """``names``: BMS's, by its services' ids."""
    return f"{names[edit.service]} from {edit.before} to {edit.after}"


def _alone(off: Drifted | NotClosed) -> tuple[str, ...]:
    return off.alone if isinstance(off, Drifted) else ()


def take_over(drift: Drifted | NotClosed, outcome: ContractOutcome) -> str:
    """How, with the command. Units are filled in only where nothing else explains the total; where
    rows of others may be the reason, it closes only when the units of every line are given."""
    contract = outcome.works[0].bound.ref.contract_id
    only = _only(drift)
    asked = set() if only is not None else _asked(drift, outcome)
    found = outcome.works if _may_be_of_others(drift) else _named(drift, outcome)
    units = [f"--units {w.bound.ref.service}={_now(w, only, asked)}" for w in found]
    command = " ".join(units or ["--units SERVICE=N"])
    how = ", with what was read there in place of N" if "=N" in command else ""
    return f'{how}: `reconciler drift --accept {contract} {command} --reason "..."`'


def _only(drift: Drifted | NotClosed) -> Edit | None:
    """The edit that alone explains it."""
    sure = len(drift.edits) == 1 and not _alone(drift) and not _is_seen(drift)
    return drift.edits[0] if sure else None


def _is_seen(drift: Drifted | NotClosed) -> bool:
    """Do rows of ours show an edit? By how many units they do not, so the rest of the total may be
    that of any line."""
    return isinstance(drift, Drifted) and bool(drift.seen)


def _may_be_of_others(drift: Drifted | NotClosed) -> bool:
    return isinstance(drift, Drifted) and bool(drift.others or drift.alone)


def _asked(drift: Drifted | NotClosed, outcome: ContractOutcome) -> set[int]:
    """The services whose units only BMS's screen tells."""
    if _is_seen(drift) or not (drift.edits or _alone(drift)):
        return {work.bound.service.id for work in outcome.works}
    return {edit.service for edit in drift.edits}


def _named(drift: Drifted | NotClosed, outcome: ContractOutcome) -> list[LineWork]:
    """The lines that may have been edited; none where nobody can say which, or too many may."""
    if len(outcome.works) == 1:
        return outcome.works
    services = set() if _is_seen(drift) else {edit.service for edit in drift.edits}
    found = [work for work in outcome.works if work.bound.service.id in services]
    return found if len(found) <= SHOWN else []


def _now(work: LineWork, edit: Edit | None, asked: Collection[int]) -> int | str:
    """What to give for the line; N where a person has to look."""
    service, steps = work.bound.service.id, work.known.timeline.steps
    if service in asked:
        return "N"
    if edit is not None and edit.service == service:
        return edit.after
    units = steps[-1][1] if steps else None
    return "N" if units is None else units


def signed(money: Decimal) -> str:
    """Always with its sign."""
    return f"{money:+,f}"
