"""Invoices held against the ledger, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from reconciler.report.markdown_table import details, table
from reconciler.report.money import amount, price, with_code
from reconciler.report.outside import markdown, markdown_code, plain
from reconciler.report.words import counted, listed, listed_few

if TYPE_CHECKING:
    from rich.console import Console

    from reconciler.model.finding import Finding
    from reconciler.model.verification import (
        InvoiceCheck,
        Proposal,
        ServiceCheck,
        Status,
        Verification,
    )

STATUSES: Final[dict[Status, str]] = {
    "matched": "as expected",
    "open": "change not billed",
    "missing": "missing",
    "quantity": "other quantity",
    "amount": "other amount",
    "unexpected": "not expected",
    "unknown": "units unknown",
}

WRONG: Final[tuple[Status, ...]] = ("open", "missing", "quantity", "amount", "unexpected")

COLUMNS: Final = ("Invoice", "Customer", "Service", "Expected", "Billed", "Result")


def render(found: Verification, console: Console) -> None:
    """The verdict, every finding, units to take over, and what the numbers rest on."""
    console.print(Text(headline(found), style=_style(found)))
    for one in found.findings:
        console.print(Text(f"\n{one.code} {plain(one.message)}"))
        console.print(Text(f"  what to do: {plain(one.remedy)}", style="dim"))
    if found.proposals:
        console.print(Text(f"\n{PROPOSED}"))
        for proposal in found.proposals:
            console.print(Text(f"  {plain(_proposal(proposal, found.currency))}"))
    console.print()
    for line in footing(found):
        console.print(Text(plain(line), style="dim"))


NAMED: Final = 3
"""So many lines of a note are named."""

PROPOSED: Final = (
    "Units that an invoice shows and nobody has told the ledger. They are not taken over: compare"
    " them with BMS, then write them into the baseline."
)


def headline(found: Verification) -> str:
    """One sentence: how many services were compared, and how many are not as expected."""
    month = f"{found.month:%Y-%m}"
    compared = found.count("matched", *WRONG)
    if not compared:
        return f"Nothing of {month} could be compared."
    on = f"{counted(compared, 'line')} on {counted(_contracts(found), 'invoice')} of {month}"
    wrong = found.count(*WRONG)
    if not wrong:
        verb = "bills" if compared == 1 else "bill"
        return f"{on} {verb} what the ledger expects."
    parts = [f"{n} {STATUSES[status]}" for status in WRONG if (n := found.count(status))]
    verb = "is" if wrong == 1 else "are"
    return f"{wrong} of {on} {verb} not as expected: {listed(parts)}."


def _contracts(found: Verification) -> int:
    return len({one.invoice_id for one in found.invoices if one.services})


def _style(found: Verification) -> str:
    if found.count(*WRONG):
        return "bold red"
    return "bold yellow" if found.findings else "bold green"


def footing(found: Verification) -> Iterator[str]:
    """What else was seen, and what the numbers rest on."""
    unsent = len({one.invoice_id for one in found.invoices if not one.sent})
    if unsent:
        are = counted(unsent, "invoice is", "invoices are")
        yield f"{are} not sent yet, and can still be corrected."
    if found.waiting:
        yield _waiting(found.waiting)
    if unknown := found.count("unknown"):
        yield f"{counted(unknown, 'line')} could not be compared: nobody knows the units."
    lines = sum(one.outside for one in found.invoices)
    if lines:
        sums = sum((one.outside_amount for one in found.invoices), Decimal(0))
        money = with_code(amount(sums, found.currency), found.currency)
        verb = "is" if lines == 1 else "are"
        yield (
            f"{counted(lines, 'other line')} on these invoices, {money} in all, {verb} of nothing"
            " that the configuration names."
        )
    for note, lines_of in sorted(_by_note(found).items()):
        names = listed_few(lines_of, NAMED)
        yield f"Could not be told for sure, or moved, of {names}: {note}."
    yield (
        "Amounts are before tax and discount. BMS does not document its proration; assumed here:"
        f" day_count {found.day_count}, change_day {found.change_day}, part_period"
        f" {found.part_period}, each line or each unit's price rounded half up."
    )


def _by_note(found: Verification) -> dict[str, list[str]]:
    """The lines that each note is about, by their service and account."""
    out: dict[str, list[str]] = defaultdict(list)
    for invoice, one in _services(found):
        for note in one.notes:
            out[note].append(f"{one.service} of {invoice.account}")
    return out


def _waiting(contracts: int) -> str:
    if contracts == 1:
        return "1 contract waits for its invoice."
    return f"{contracts:,} contracts wait for their invoice."


def _services(found: Verification) -> Iterator[tuple[InvoiceCheck, ServiceCheck]]:
    return ((one, service) for one in found.invoices for service in one.services)


def _proposal(one: Proposal, currency: str) -> str:
    ref = one.line
    closing = {
        True: "the contract's total closes with it",
        False: "the contract's total does not close with it",
        None: "the contract's total cannot prove it, since other lines are unknown",
    }[one.closes]
    return (
        f"{ref.bms_service} on {ref.contract} of {ref.account}: {one.units:,} from {one.day}"
        f" at {with_code(price(one.price, currency), currency)} ({one.number}; {closing})"
    )


def to_markdown(found: Verification) -> str:
    """GitHub Markdown: what is wrong as a table, the rest folded."""
    blocks = [f"### Invoices of {found.month:%Y-%m}", markdown(headline(found))]
    wrong = [pair for pair in _services(found) if pair[1].status in WRONG]
    right = [pair for pair in _services(found) if pair[1].status not in WRONG]
    if wrong:
        blocks.append(_table(wrong, found.currency))
    if found.findings:
        blocks.append("\n".join(f"- {_finding(one)}" for one in found.findings))
    if found.proposals:
        said = (f"- {markdown(_proposal(one, found.currency))}" for one in found.proposals)
        blocks.append("\n".join([markdown(PROPOSED), "", *said]))
    if right:
        summary = counted(len(right), "other line")
        blocks.append(details(summary, _table(right, found.currency)))
    blocks.append("\n".join(f"- {markdown_code(line)}" for line in footing(found)))
    return "\n\n".join(blocks) + "\n"


def _finding(one: Finding) -> str:
    return f"**{one.code}** {markdown(one.message)}<br>{markdown_code(one.remedy)}"


def _table(pairs: list[tuple[InvoiceCheck, ServiceCheck]], currency: str) -> str:
    rows = [[markdown(cell) for cell in _cells(one, check, currency)] for one, check in pairs]
    return table(COLUMNS, rows, right=("Expected", "Billed"))


def _cells(one: InvoiceCheck, check: ServiceCheck, currency: str) -> list[str]:
    expected = "" if check.expected is None else amount(check.expected, currency)
    units = "" if check.units is None else f"{check.units:,}: "
    billed = f"{check.quantity.normalize():f}: {amount(check.billed, currency)}"
    said = "; ".join((STATUSES[check.status], *check.why))
    number = one.number if one.sent else f"{one.number} (not sent)"
    return [number, one.account, check.service, f"{units}{expected}", billed, said]


def dumps(found: Verification) -> str:
    """A JSON object; amounts and quantities as text."""
    document: dict[str, Any] = asdict(found)
    document["month"] = f"{found.month:%Y-%m}"
    document["counts"] = {status: found.count(status) for status in STATUSES}
    for one in document["findings"]:
        del one["origin"]
    return json.dumps(document, indent=2, sort_keys=True, default=_text) + "\n"


def _text(value: object) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)
