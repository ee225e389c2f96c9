"""Do starting units come to the totals that BMS shows of their contracts?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.apply.book import Book
from reconciler.engine.case import Case
from reconciler.engine.closing import Apart, Exceeded, Off, RowEdit, is_unproved, off_total
from reconciler.engine.starting import Corrected, Given, Taken
from reconciler.model.baseline import Edit, LeftOut, Slip, TooMuch, Unexplained
from reconciler.runs.asked import PlanRun


def left_out(
    run: PlanRun,
    after: Mapping[int, Book],
    found: Sequence[Taken | Corrected],
    given: Sequence[Given],
) -> Iterator[LeftOut]:
    """The contracts of the file that do not close; ``after``: as they are known with it."""
    accounts = {account.id: account.name for account in run.seen.accounts}
    told = {one.row_id: one.units for one in given}
    for contract_id, book in after.items():
        off = off_total(case_of(run, book), told)
        if off is None:
            continue
        rows = [one for one in found if one.fact.line.contract_id == contract_id]
        contract = book.contract
        yield LeftOut(
            contract_id=contract_id,
            contract=contract.name,
            account=accounts[contract.account_id],
            rows=len(rows),
            difference=off.difference,
            slip=_likeliest(run, off, rows, given),
        )


def unproved(run: PlanRun, after: Mapping[int, Book], given: Sequence[Given]) -> Iterator[str]:
    """Contracts with rows that neither the file nor the ledger tells the units of, in words."""
    accounts = {account.id: account.name for account in run.seen.accounts}
    told = {one.row_id: one.units for one in given}
    for book in after.values():
        if is_unproved(case_of(run, book), told):
            yield f"{book.contract.name} of {accounts[book.contract.account_id]}"


def case_of(run: PlanRun, book: Book) -> Case:
    """The contract as a proof wants it, with what the run read of it."""
    case = book.case(run.seen.day or run.as_of, book.contract.total)
    return replace(case, wide=book.contract.id in run.seen.wide)


def _likeliest(
    run: PlanRun, off: Off, rows: Sequence[Taken | Corrected], given: Sequence[Given]
) -> Slip:
    """A number of the file before others, and the smallest slip first."""
    if isinstance(off, Exceeded):
        return TooMuch()
    places: dict[int, list[int]] = {}
    for one in rows:
        places.setdefault(one.fact.line.service_id, []).append(one.given.number)
    edits = [_of_ours(run, edit, places.get(edit[0])) for edit in off.edits]
    if isinstance(off, Apart):
        edits += [_of_others(run, edit, given) for edit in off.others]
    found = sorted(edits, key=lambda found: (not found[0], abs(found[1].after - found[1].before)))
    return found[0][1] if found else Unexplained()


def _of_ours(
    run: PlanRun, edit: tuple[int, int, int], places: list[int] | None
) -> tuple[bool, Edit]:
    """With whether its number stands in the file."""
    service, before, after = edit
    row = places[0] if places is not None and len(places) == 1 else None
    return places is not None, Edit(_named(run, service), before, after, row)


def _of_others(run: PlanRun, edit: RowEdit, given: Sequence[Given]) -> tuple[bool, Edit]:
    number = next(one.number for one in given if one.row_id == edit.row)
    return True, Edit(_named(run, edit.service), edit.before, edit.after, number)


def _named(run: PlanRun, service: int) -> str:
    return next(one.name for one in run.seen.services if one.id == service)
