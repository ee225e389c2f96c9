"""Changes as a table that fits the terminal: numbers are never cut, names fold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reconciler.report.money import signed
from reconciler.report.outside import plain
from reconciler.report.words import before_after, let_by, why_in_short
from reconciler.report.worth import figure

if TYPE_CHECKING:
    from rich.console import Console

    from reconciler.model.plan import Change
    from reconciler.report.plan_view import AccountGroup, StandingGroup

HEADER: Final = ("Service", "Units", "From", "Per month", "Prorated", "Why")
_RIGHT: Final = frozenset({"Units", "Per month", "Prorated"})
_SERVICE: Final = 0
_WHY: Final = 5
_GAP: Final = 2
_INDENT: Final = 3
_BELOW: Final = 5
_SERVICE_WISHED: Final = 12
_NARROWEST_SERVICE: Final = 8
_NARROWEST_WHY: Final = 9


_Cells = tuple[str, ...]


def render(group: StandingGroup, currency: str, console: Console) -> None:
    """Print the changes of one standing under their accounts, all in the same columns."""
    rows = [
        [_cells(change, account, currency) for change in account.changes]
        for account in group.accounts
    ]
    widths = _widths([cells for own in rows for cells in own], console.width - _INDENT)
    console.print(Text(_line(HEADER, widths), style="dim"), soft_wrap=True)
    for account, own in zip(group.accounts, rows, strict=True):
        console.print(Padding(_account(account, currency), (0, 0, 0, 1), expand=False))
        for change, cells in zip(account.changes, own, strict=True):
            _row(cells, widths, console)
            for let in let_by(change):
                # Beneath its row: in the column of reasons it would fold over many lines.
                below = Padding(Text(plain(let), style="dim"), (0, 0, 0, _BELOW), expand=False)
                console.print(below)


def _cells(change: Change, account: AccountGroup, currency: str) -> _Cells:
    contract = f" ({plain(change.line.contract)})" if account.several_contracts else ""
    return (
        plain(change.line.service) + contract,
        before_after(change, currency),
        change.day.isoformat(),
        figure([change], currency),
        signed(change.money.prorated, currency),
        plain(why_in_short(change, currency)),
    )


def _account(group: AccountGroup, currency: str) -> Text:
    text = Text(plain(group.account), style="bold")
    if len(group.changes) > 1:
        monthly = figure(group.changes, currency)
        prorated = signed(group.money.prorated, currency)
        text.append(f": {monthly} per month, {prorated} prorated", style="not bold")
    return text


def _widths(rows: list[_Cells], room: int) -> list[int]:
    columns = zip(HEADER, *rows, strict=True)
    widths = [max(cell_len(cell) for cell in column) for column in columns]
    left = room - _whole([0, *widths[_SERVICE + 1 : _WHY], 0])
    service = max(_SERVICE_WISHED, widths[_SERVICE])
    least_why = min(widths[_WHY], _NARROWEST_WHY)
    widths[_WHY] = min(widths[_WHY], max(least_why, left - service))
    widths[_SERVICE] = max(_NARROWEST_SERVICE, min(service, left - widths[_WHY]))
    return widths


def _whole(widths: list[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1)


def _row(cells: _Cells, widths: list[int], console: Console) -> None:
    if all(cell_len(cell) <= width for cell, width in zip(cells, widths, strict=True)):
        # Most rows need no folding, and a plan may have thousands.
        console.print(Text(_line(cells, widths)), soft_wrap=True)
    else:
        # As wide as its columns, even where the terminal is not: no figure is folded.
        console.print(_folded(cells, widths), crop=False)


def _line(cells: _Cells, widths: list[int]) -> str:
    columns = zip(HEADER, cells, widths, strict=True)
    padded = (_padded(cell, width, right=name in _RIGHT) for name, cell, width in columns)
    return (" " * _INDENT + (" " * _GAP).join(padded)).rstrip()


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if right else cell + space


def _folded(cells: _Cells, widths: list[int]) -> Table:
    whole = _INDENT + _whole(widths)
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), show_header=False, width=whole)
    table.add_column(width=_INDENT - _GAP)
    for name, width in zip(HEADER, widths, strict=True):
        table.add_column(
            width=width, justify="right" if name in _RIGHT else "left", overflow="fold"
        )
    table.add_row("", *(Text(cell) for cell in cells))
    return table
