"""What became of a file of starting units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from reconciler.engine.words import some
from reconciler.model.baseline import TooMuch, Unexplained
from reconciler.report.money import amount, signed, with_code
from reconciler.report.outside import plain
from reconciler.report.words import counted, full_stop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from reconciler.model.baseline import Edit, Imported, LeftOut


def render(done: Imported, currency: str, console: Console) -> None:
    """What was taken, and every contract that was not."""
    for line in lines(done, currency):
        console.print(Text(plain(line)))


def lines(done: Imported, currency: str) -> Iterator[str]:
    """One sentence each."""
    yield f"units of {counted(done.taken, 'row')} taken into the ledger"
    if done.corrected:
        yield f"units of {counted(done.corrected, 'row')} corrected that an earlier file had wrong"
    if done.known_already:
        yield f"{counted(done.known_already, 'row')} known already, and left as known"
    if done.not_managed:
        yield f"{counted(done.not_managed, 'row')} of lines that the configuration does not name"
    if done.unproved:
        yield _unproved(done.unproved)
    for contract in done.left_out:
        yield _left_out(contract, currency)
    if done.left_out:
        them = "it" if len(done.left_out) == 1 else "them"
        yield (
            f"{counted(len(done.left_out), 'contract')} left out: nothing was learned of {them}."
            " Read the units in BMS again, mend the file and import it again"
        )


def _unproved(contracts: Sequence[str]) -> str:
    """With a few of them."""
    one = len(contracts) == 1
    have, proves = ("has", "its total does") if one else ("have", "their totals do")
    return (
        f"{counted(len(contracts), 'contract')} {have} rows that the file does not give, so that"
        f" {proves} not prove the units taken: {full_stop(some(contracts))} A file with every row"
        " of a contract is held against its total"
    )


def _left_out(found: LeftOut, currency: str) -> str:
    return (
        f"left out: {found.contract} of {found.account} (id {found.contract_id}), "
        f"{counted(found.rows, 'row')}: {_why(found, currency)}"
    )


def _why(found: LeftOut, currency: str) -> str:
    if isinstance(found.slip, TooMuch):
        over = with_code(amount(-found.difference, currency), currency)
        return (
            f"these units are worth {over} more than its total in BMS, which would leave its other"
            " lines less than nothing"
        )
    off = with_code(signed(found.difference, currency), currency)
    return f"its total in BMS is {off} off these units; {_likeliest(found.slip)}"


def _likeliest(slip: Edit | Unexplained) -> str:
    if isinstance(slip, Unexplained):
        return "no single line explains it"
    row = "" if slip.row is None else f" (row {slip.row} of the file)"
    return f"{slip.service}{row} with {slip.after} in place of {slip.before} would explain it"
