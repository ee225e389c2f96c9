"""Settings of a line that are right alone and have no meaning together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.desired.trouble import Trouble
from reconciler.model.place import Origin
from reconciler.model.settings import LineSettings

_DIRECTIONS: Final = ("increase", "decrease")


def contradictions(
    settings: LineSettings, line: Origin, *, whole: bool = True
) -> Iterator[Trouble]:
    """``line`` is where they are told of when nobody set them. Not ``whole``: the policy or
    billing.yaml cannot be read, so only what the other files say themselves is sure."""
    sure = settings.origins.keys()
    yield from _limits(settings, line)
    if whole or sure >= {"late", *_DIRECTIONS}:
        yield from _holds_nothing(settings)
    if whole or sure >= {"over", "adjust", *_DIRECTIONS}:
        yield from _prorates_a_sum(settings, line)


def _limits(settings: LineSettings, line: Origin) -> Iterator[Trouble]:
    low, high = settings.minimum, settings.maximum
    if low is not None and high is not None and high < low:
        message = f"maximum {high} is below minimum {low}"
        origin = settings.origins.get("maximum", line)
        yield Trouble("CFG003", message, "mend one of the two", origin)
    commitment = settings.commitment
    if commitment is not None and high is not None and high < commitment.floor:
        message = f"maximum {high} is below the commitment of {commitment.floor}"
        origin = settings.origins.get("commitment", line)
        yield Trouble("CFG003", message, "mend one of the two", origin)


def _holds_nothing(settings: LineSettings) -> Iterator[Trouble]:
    """`change-date` has BMS prorate, also under an invoice; left out, `late:` says the same."""
    origin = settings.origins.get("late")
    moves = {settings.increase, settings.decrease} - {"never"}
    if settings.late == "hold" and origin is not None and moves <= {"change-date"}:
        yield Trouble(
            "CFG021",
            "`late: hold` holds nothing here: what counts from its own day (`change-date`) is"
            " prorated by BMS, in an invoiced period too",
            "set `late: next-period`, count changes from `period-start` or `next-period`, or take"
            " `late:` out",
            origin,
        )


def _prorates_a_sum(settings: LineSettings, line: Origin) -> Iterator[Trouble]:
    """A daily decrease is left: a sum falls where a period starts, and that is the day it has."""
    if settings.over != "sum":
        return
    named = ["increase"] if settings.increase == "change-date" else []
    if settings.decrease == "change-date" and settings.adjust == "month-end":
        named.append("decrease")
    if named:
        has = " and ".join(f"`{name}: change-date`" for name in named)
        instead = " and ".join(f"`{name}: period-start`" for name in named)
        yield Trouble(
            "CFG021",
            f"`over: sum` is the total of a period, and with {has} only the rest of the period"
            " would be billed for it",
            f"set {instead}, or count `over: last`, `peak` or `average`",
            settings.origins.get("over", line),
        )
