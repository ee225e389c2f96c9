"""A configuration that a pull request takes out of the repository, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report.sections import name
from reconciler.report.sentences import Next
from reconciler.report.some_lines import named
from reconciler.report.words import counted, full_stop, listed_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reconciler.engine.unplanned import NamedLine

SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Retired:
    """Folders are named from the repository's top."""

    folder: str
    lost: tuple[NamedLine, ...] | None = ()
    """Lines of it that no configuration names any more; None: it had mistakes, so nobody can tell.
    """
    up_to: bool = False
    """Are some of them there only if BMS has them (`services: all`)?"""
    moved: str | None = None
    """Where it goes on, with its ledger."""
    unread: tuple[str, ...] = ()
    """Configurations that may name these lines, and cannot be read."""
    taken: Mapping[str, int] | None = None
    """How many lines others name now that did not name them before, by their folders."""
    begun: tuple[str, ...] = ()
    """Those of the others that come with the pull request, with a ledger of their own."""

    @property
    def alarms(self) -> bool:
        """Is it named no more, as far as can be read, by a line or as a whole?"""
        return self.lost is None or bool(self.lost or (self.moved and self.unread))

    @property
    def tells(self) -> bool:
        """Is there anything to look at?"""
        return self.alarms or bool(self.taken)

    @property
    def unsure(self) -> bool:
        """May its lines go on where nothing can be read?"""
        return self.alarms and bool(self.unread)


def in_short(found: Sequence[Retired]) -> list[str]:
    """``takes the configuration eu/billing out``; not where all lines go on."""
    return [_goes(one) for one in found if one.alarms][:SHOWN]


def headline(found: Sequence[Retired]) -> str:
    """What becomes of its lines: no plan says so, since it has none any more. Empty where all of
    them go on."""
    some = [one for one in found if one.alarms]
    clauses = [_goes(one) + _with(one) for one in some[:SHOWN]]
    if more := len(some[SHOWN:]):
        clauses.append(f"takes {counted(more, 'more configuration')} out")
    left = [one for one in some if not one.unsure]
    if not left:
        return f"Merging this {', and '.join(clauses)}." if clauses else ""
    single = len(left) == 1 and left[0].lost is not None and len(left[0].lost) == 1
    them, are = ("it", "it is") if single else ("them", "they are")
    return (
        f"Merging this {', and '.join(clauses)}: nothing counts {them} any more, and BMS bills"
        f" {them} on as {are}."
    )


def sentences(found: Sequence[Retired]) -> Iterator[str]:
    """Which lines these are, and who goes on with others."""
    for one in found:
        if one.lost and not one.unsure:
            yield f"Of {one.folder} no configuration names any more: {full_stop(named(one.lost))}"
        for folder, lines in (one.taken or {}).items():
            yield (
                f"{folder} takes on {counted(lines, 'line')} of {one.folder}; its ledger may not"
                f" know {'it' if lines == 1 else 'them'} yet."
            )


def next_steps(found: Sequence[Retired]) -> Iterator[Next]:
    """What to look at before merging. This is Markdown already, and a folder's name is not."""
    if unread := to_mend(found):
        yield Next(
            f"Mend what is wrong in {_names(unread)} before merging: what goes on there cannot be"
            " told yet."
        )
    if left := [one.folder for one in found if one.alarms and not one.unsure]:
        yield Next(
            f"Make sure that what nothing counts any more of {_names(left)} is to be billed on as"
            " it is; else end it first (`last_day:`), and let that be written."
        )
    yield from _handed_over(found)


def _handed_over(found: Sequence[Retired]) -> Iterator[Next]:
    """How the ledgers of those that go on with lines come to know their units."""
    form = "the form `baseline` there takes units over, once this is merged"
    begun = {folder: one.folder for one in found for folder in one.begun}
    for folder, was in list(begun.items())[:SHOWN]:
        yield Next(
            f"Let {name(folder)} have the ledger's branch of {name(was)} (`ledger:`), so that units"
            f" and history go along; else {form}."
        )
    if others := sorted({folder for one in found for folder in one.taken or ()} - begun.keys()):
        yield Next(
            f"Make sure that the ledger of {_names(others)} comes to know what goes on there:"
            f" {form}."
        )


def to_mend(found: Sequence[Retired]) -> list[str]:
    """Configurations that must be read before it is merged: nobody can tell yet what goes on."""
    return sorted({folder for one in found if one.unsure for folder in one.unread})


def _goes(one: Retired) -> str:
    if one.moved is None:
        unread = ", and what may have its lines cannot be read" if one.unsure else ""
        return f"takes the configuration {one.folder} out{unread}"
    how = ", where it cannot be read" if one.unsure else f" without {_lines(one)}"
    return f"moves the configuration {one.folder} to {one.moved}{how}"


def _with(one: Retired) -> str:
    """For the first sentence, how much that is."""
    if one.unsure:
        return ""
    accounts = len({line.account for line in one.lost or ()})
    of = f" of {counted(accounts, 'account')}" if accounts else ""
    return of if one.moved is not None else f", and with it {_lines(one)}{of}"


def _lines(one: Retired) -> str:
    if one.lost is None:
        return "all of its lines"
    return f"{'up to ' if one.up_to else ''}{counted(len(one.lost), 'line')}"


def _names(folders: Sequence[str]) -> str:
    return listed_few([name(one) for one in folders], SHOWN)
