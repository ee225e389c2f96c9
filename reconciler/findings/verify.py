"""VER: what invoices bill, held against the ledger."""

from __future__ import annotations

from typing import Final

from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "VER001",
        "error",
        "Missing on the invoice",
        "The ledger knows units of the service for the period invoiced, and the invoice has no"
        " line of it.",
        "look at the contract's billing in BMS before the invoice is sent, and add what is missing",
    ),
    Code(
        "VER002",
        "error",
        "Another quantity invoiced",
        "The invoice bills other units of the service than the ledger knows.",
        "compare the line in BMS with `reconciler explain`, and correct the invoice before it is"
        " sent",
    ),
    Code(
        "VER003",
        "error",
        "Another amount invoiced",
        "The units are those of the ledger and the amount is not, before tax and discount. The days"
        " of a proration and its rounding are assumed, since BMS documents neither.",
        "correct the invoice before it is sent; if BMS prorates in another way, set `day_count` and"
        " `change_day` under `bms.assume`",
    ),
    Code(
        "VER004",
        "error",
        "Not expected on the invoice",
        "The invoice bills a service that, as far as the ledger knows, had nothing to bill.",
        "look in BMS who added it; remove it before the invoice is sent, or name the service in the"
        " configuration",
    ),
    Code(
        "VER005",
        "warning",
        "Change not billed",
        "A change of units within a period is on no invoice. BMS dates it at the day of the change,"
        " so a billing job that starts at the first of the month misses it.",
        "add a billing job in BMS that runs after the main one and covers the days before it",
    ),
    Code(
        "VER006",
        "warning",
        "Period not invoiced",
        "The contract has units to bill for the period, the day on which BMS bills has passed, and"
        " no invoice covers it.",
        "look at the billing in BMS; if the contract is billed at another time, correct `billing:`"
        " or `invoice_run:`",
    ),
    Code(
        "VER007",
        "warning",
        "Invoice cannot be compared",
        "Nobody knows the units that the invoice should bill.",
        "take the units that the invoice shows, where there are any, into the baseline:"
        " `reconciler baseline --template`",
    ),
    Code(
        "VER008",
        "warning",
        "No invoice compared",
        "No invoice of the month bills a line that the configuration names, so nothing is proved.",
        "run again once BMS has billed the month",
    ),
    Code(
        "VER009",
        "error",
        "Short period billed in the other way",
        "The contract's start or end cuts a billing period short, and the invoice bills it in full"
        " where `part_period: prorated` is assumed, or by its days where `part_period: full` is."
        " BMS's documents call such periods prorated and give no amount of one.",
        "if BMS bills such periods so, set `part_period` under `bms.assume`; if not, correct the"
        " invoice before it is sent",
    ),
)
