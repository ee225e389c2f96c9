"""GRD, POL, TRU and MOD: what guards, policies, true-ups and modes hold back."""

from __future__ import annotations

from typing import Final

from reconciler.findings import by_hand
from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "GRD001",
        "warning",
        "Over the percent guard",
        "The line's units would move by more than the guard's percentage, at their farthest from"
        " where they start. A line that starts from 0 has no percentage; the money guards hold it,"
        " and so they do a line that its `last_day` ends.",
        "look at the usage; then approve it, raise `guards.percent`, or waive it with an end",
        blocks=True,
    ),
    Code(
        "GRD002",
        "warning",
        "Over the line guard",
        "The line's money, per month or as prorated, would move by more than the guard allows for"
        " one line. Rises and falls do not cancel.",
        "look at the usage; then approve it, raise `guards.line`, or waive it with an end",
        blocks=True,
    ),
    Code(
        "GRD003",
        "warning",
        "Over the account guard",
        "The account's money, per month or as prorated, would move by more than the guard allows"
        " for one account. A waiver of it is for the whole account and names no service.",
        "look at the usage; then approve it, raise `guards.account`, or waive it with an end",
        blocks=True,
    ),
    Code(
        "GRD004",
        "warning",
        "Over the run guard",
        "The whole run would move more money, per month or as prorated, than the guard allows.",
        "look at the plan; then approve it, or raise `guards.run`",
        blocks=True,
    ),
    Code(
        "GRD005",
        "warning",
        "Waiver expired",
        "A waiver in the account's file has passed its `until` day and covers nothing any more.",
        "remove it, or renew it with a reason",
    ),
    Code(
        "GRD006",
        "warning",
        "Falls to zero",
        "The line's count would take it to 0 units. A customer may have left, or a source may have"
        " answered with nothing; `last_day` and fixed units pass.",
        "look at the usage; then approve it, end the line with `last_day`, or waive it with an end",
        blocks=True,
    ),
    Code(
        "GRD007",
        "warning",
        "Approval that does not fit its change",
        "An entry in `approvals/` names this change, but with another account, contract, service,"
        " day, units or money than the change has.",
        "look at both; then approve the change again, and take the wrong entry out",
        blocks=True,
    ),
    Code(
        "POL001",
        "warning",
        "Period already invoiced",
        "The change would be dated in a period that an invoice covers, and the policy of that day"
        " has no `late:` that says what then. Where rows add to a line, the days that no invoice"
        " covers yet are written without it.",
        "say in the policy what then, from the day of the change on: `changes: [{from: DAY, late:"
        " prorated-transaction}]`; or bill those days on an invoice of their own, and not as units"
        " of the contract, which would count on later days too",
        blocks=True,
    ),
    Code(
        "POL002",
        "info",
        "Scheduled",
        "The change starts on a later day. It is computed again every day and written when its day"
        " comes.",
        "nothing to do",
    ),
    Code(
        "POL003",
        "warning",
        "Before the newest change",
        "The change is dated before the line's newest change, and what BMS does with later changes"
        " when a line is updated is not documented.",
        "make the change in BMS by hand",
        blocks=True,
    ),
    Code(
        "POL004",
        "warning",
        "Nothing but a credit to invoice",
        "A decrease in an invoiced period is a credit, and nothing positive is due on the account's"
        " next invoice. BMS refuses to invoice a single negative line.",
        "invoice it together with something else, credit it by hand, or set `credits: hold`",
    ),
    Code(
        "POL005",
        "info",
        "Prorations in an invoiced period",
        "A change dated in a period that is invoiced already becomes a prorated transaction with"
        " that date, and a billing job that only looks at the coming period misses it.",
        "let a second billing job in BMS look back over the months before",
    ),
    Code(
        "POL006",
        "warning",
        "Builds on a change that waits",
        "An earlier change of the line, or its price, is not written, and this one was computed as"
        " if it were.",
        "settle the earlier change; this one is computed again then",
        blocks=True,
    ),
    Code(
        "POL007",
        "warning",
        "Days that are not looked at any more",
        "A line should have begun, or have moved, in a period that is over and invoiced. Only the"
        " period before the current one is looked at again (after a gap in the runs, those since"
        " the last one), so what its days before that lack is never billed, and what is billed too"
        " much for them is never credited.",
        by_hand.EITHER["POL007"],
    ),
    Code(
        "POL008",
        "info",
        "Price waits for an invoice",
        "The contract is billed in arrears, and the days before the new price are not invoiced yet."
        " BMS keeps no day of a price and would bill them at the new one, so it is written once"
        " that invoice is there. It is held where a whole further period went by without one.",
        "nothing to do until that invoice is made in BMS; where none is to be made, approve the"
        " price once it is held",
    ),
    Code(
        "POL009",
        "warning",
        "Waits until its days are not looked at any more",
        "A change of an earlier period waits. Only the period before the current one is looked at"
        " again (after a gap in the runs, those since the last one): from the day named on, the"
        " change is dated later, or is not planned at all. Of the days before it, what a rise comes"
        " to is never billed, and what a fall comes to is never credited.",
        by_hand.EITHER["POL009"],
    ),
    Code(
        "POL010",
        "warning",
        "Nobody said why units are fixed",
        "The reason of fixed units (`units: {fixed: ..., reason: ...}`) still has the words that"
        " stand for one, as a pull request that takes over an edit made in BMS brings them. The"
        " count does not move the line, and nobody will know what was agreed.",
        "write the reason into the file in their place, and `until:` with the last day it is agreed"
        " for; to have the count back, take `units:` out",
    ),
    Code(
        "POL011",
        "warning",
        "Not taken back at the price it was billed at",
        "BMS bills what takes a write back in every period that is invoiced already, at one price,"
        " and invoices billed the write at another one. Where the periods can be brought to the"
        " prices of their invoices, that is written too; here BMS takes no such change, or nobody"
        " knows what the line cost then.",
        "put the difference right on an invoice in BMS by hand, once it is taken back",
    ),
    Code(
        "TRU001",
        "info",
        "Provisional true-up",
        "The month is not over: its days that are not closed yet count as the newest reading says,"
        " and the changes of its true-up are computed again until they are.",
        "plan the true-up again when the days are closed, and merge it before the invoice run",
    ),
    Code(
        "TRU002",
        "warning",
        "True-up that nobody merged yet",
        "billing.yaml lets a month's true-up be written by a merge alone (`true_up: {by:"
        " pull-request}`), and nothing merged names these changes with these numbers.",
        "review and merge the month's pull request before BMS makes its invoices",
        blocks=True,
    ),
    Code(
        "TRU003",
        "error",
        "No line to set in that month",
        "A true-up sets lines with `adjust: month-end` for the periods that end in its month, and"
        " the plan has none. Only the period before the current one is looked at again (after a gap"
        " in the runs, those since the last one), so a month that is long over has none either.",
        "name the month that has just ended or that runs; what an older one lacks has to be billed"
        " in BMS by hand",
        blocks=True,
    ),
    Code(
        "MOD001",
        "info",
        "Only observed",
        "The account's mode is `observe`: its changes are shown and never written.",
        "set `mode: propose` or `mode: apply` when the numbers are right",
    ),
    Code(
        "MOD002",
        "error",
        "`billing_starts` is not set",
        "Nothing is written until billing.yaml says from which day on changes may be dated.",
        "set `billing_starts:` in billing.yaml",
        blocks=True,
    ),
    Code(
        "MOD003",
        "error",
        "Assumptions not set",
        "How BMS takes a posted line is not documented, and nothing is written until the"
        " configuration says what to assume.",
        "set `line_update` and `negative_units` under `bms.assume` in billing.yaml",
        blocks=True,
    ),
    Code(
        "MOD004",
        "warning",
        "By hand in BMS",
        "The API cannot make this change under the assumptions set, so it is on the work list.",
        "make it in BMS; the next run finds it done",
        blocks=True,
    ),
    Code(
        "MOD005",
        "info",
        "Before billing starts",
        "`billing_starts` lies in the future: nothing is dated earlier, so nothing is written yet."
        " On that day itself no day that is billed is over, so no line counts yet.",
        "nothing to do until the day after it",
    ),
)
