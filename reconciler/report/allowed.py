"""What a pull request changes in what is written, or told, without a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from reconciler.model.allowance import FOR_GOOD
from reconciler.report.markdown_table import fitting
from reconciler.report.money import amount, with_code
from reconciler.report.outside import markdown
from reconciler.report.sections import cut
from reconciler.report.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reconciler.model.allowance import Allowance, Kind, Value

SHOWN: Final = 20
_NAMED: Final = 3
_LONGEST: Final = 80
"""Of a name or a reason."""
_REST_BYTES: Final = 300
_MONEY: Final = frozenset({"line", "account", "run"})
_WORDS: Final[dict[Kind, tuple[str, str]]] = {
    "mode": ("mode", "modes"),
    "guard": ("guard", "guards"),
    "assumption": ("assumption", "assumptions"),
    "true_up": ("rule of true-ups", "rules of true-ups"),
    "finding": ("finding", "findings"),
    "waiver": ("waiver", "waivers"),
    "billing_starts": ("start of billing", ""),
    "invoice_run": ("invoice run", ""),
    "on_drift": ("rule of drift", "rules of drift"),
    "exclusion": ("exclusion", "exclusions"),
}


def in_short(found: Sequence[Allowance]) -> str:
    """What it loosens, by number; where it loosens nothing, what it changes."""
    loose = [one for one in found if one.loosens]
    numbers = Counter(one.kind for one in loose or found)
    what = listed([counted(number, *_WORDS[kind]) for kind, number in numbers.items()])
    return f"{'loosens' if loose else 'changes'} {what}"


def section(found: Sequence[Allowance], currency: str, room: int) -> str:
    """Never folded: one list of what it loosens, as a warning, and one of the rest.

    In about ``room`` bytes of UTF-8, half of it for each; what does not fit is counted.
    """
    loose = [one for one in found if one.loosens]
    other = [one for one in found if not one.loosens]
    parts = []
    if loose:
        title = "From the merge on, more may be written, or less is told, without a person:"
        lines = "\n".join(f"> {line}" for line in _listed(loose, currency, room // 2))
        parts.append(f"> [!CAUTION]\n> {title}\n>\n{lines}")
    if other:
        title = "It also changes:" if loose else "It changes rules, and loosens none:"
        parts.append("\n".join([title, "", *_listed(other, currency, room // 2)]))
    return "\n\n".join(parts)


def _listed(found: Iterable[Allowance], currency: str, room: int) -> list[str]:
    groups: dict[tuple[object, ...], list[Allowance]] = defaultdict(list)
    for one in found:
        key = (one.kind, one.name, one.before, one.after, one.reason, not one.account)
        groups[key].append(one)
    lines = [f"- {markdown(_sentence(some, currency))}" for some in groups.values()]
    shown = min(fitting(lines, room - _REST_BYTES), SHOWN)
    if more := len(lines) - shown:
        lines[shown:] = [f"- **… and {more:,} more**, as the files of the pull request say"]
    return lines


def _sentence(some: Sequence[Allowance], currency: str) -> str:
    """``guard percent: 30 % → 60 %``, ``mode of Brass and 3 more: propose → apply``."""
    one = some[0]
    between = " of " if one.kind in ("waiver", "exclusion") else " "
    what = f"{one.kind}{between}{_cut(one.name)}" if one.name else one.kind
    values = (_value(one, value, currency) for value in (one.before, one.after))
    reason = f" ({_cut(one.reason)})" if one.reason else ""
    return f"{what}{''.join(_accounts(some))}: {' → '.join(values)}{reason}"


def _accounts(some: Sequence[Allowance]) -> Iterator[str]:
    names = [_cut(one.account) for one in some if one.account]
    if names:
        more = len(names) - _NAMED
        rest = [f"{more:,} more"] if more > 0 else []
        yield f" {'on' if some[0].kind == 'waiver' else 'of'} {listed([*names[:_NAMED], *rest])}"


def _value(one: Allowance, value: Value, currency: str) -> str:
    match value:
        case None:
            return "no limit" if one.kind == "guard" else "none"
        case Decimal() if one.name in _MONEY:
            return with_code(amount(value, currency), currency)
        case Decimal():
            return f"{value:,f} %"
        case date() if one.kind == "billing_starts":
            return value.isoformat()
        case date():
            return "without end" if value == FOR_GOOD else f"until {value}"
        case _:
            return str(value)


def _cut(text: str) -> str:
    return cut(text, _LONGEST)
