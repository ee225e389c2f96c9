"""Do starting units come to the totals that BMS shows of their contracts?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler.apply.book import Book
from reconciler.engine.case import Case
from reconciler.engine.closing import Exceeded, Off, off_total
from reconciler.engine.starting import Corrected, Taken
from reconciler.model.baseline import Edit, LeftOut, Slip, TooMuch, Unexplained
from reconciler.runs.asked import PlanRun


def left_out(
    run: PlanRun, after: Mapping[int, Book], found: Sequence[Taken | Corrected]
) -> Iterator[LeftOut]:
    """The contracts of the file that do not close; ``after``: as they are known with it."""
    accounts = {account.id: account.name for account in run.seen.accounts}
    for contract_id, book in after.items():
        off = off_total(case_of(run, book))
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
            slip=_likeliest(run, off, rows),
        )


def case_of(run: PlanRun, book: Book) -> Case:
    """The contract as a proof wants it, with what the run read of it."""
    case = book.case(run.seen.day or run.as_of, book.contract.total)
    return replace(case, wide=book.contract.id in run.seen.wide)


def _likeliest(run: PlanRun, off: Off, rows: Sequence[Taken | Corrected]) -> Slip:
    """A number of the file before others, and the smallest slip first."""
    if isinstance(off, Exceeded):
        return TooMuch()
    given: dict[int, list[int]] = {}
    for one in rows:
        given.setdefault(one.fact.line.service_id, []).append(one.given.number)
    edits = sorted(off.edits, key=lambda e: (e[0] not in given, abs(e[2] - e[1]), e[0]))
    if not edits:
        return Unexplained()
    service, before, after = edits[0]
    names = {one.id: one.name for one in run.seen.services}
    places = given.get(service, [])
    return Edit(names[service], before, after, places[0] if len(places) == 1 else None)
