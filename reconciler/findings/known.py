"""BMS and KNW: the actual state, and what can be proved about it."""

from __future__ import annotations

from typing import Final

from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "BMS001",
        "error",
        "Account not found",
        "BMS has no account of that name or id.",
        "correct the name in the account's file, or create the account in BMS",
        blocks=True,
    ),
    Code(
        "BMS002",
        "error",
        "Account name fits two accounts",
        "Several BMS accounts have that name; taking one would be a guess.",
        "write the id of the right one: `account: {id: ..., name: ...}`",
        blocks=True,
    ),
    Code(
        "BMS003",
        "error",
        "Contract not found",
        "The account has no contract of that name.",
        "create a recurring services contract of that name in BMS, or correct the name",
        blocks=True,
    ),
    Code(
        "BMS004",
        "error",
        "Contract name fits two contracts",
        "Several contracts of the account with that name are in force on the same day.",
        "write the id of the right one: `contract: {id: ..., name: ...}`",
        blocks=True,
    ),
    Code(
        "BMS005",
        "error",
        "Service not in the BMS catalogue",
        "No active service of the BMS catalogue has that name or id.",
        "correct `bms_service`, or add the service in BMS",
        blocks=True,
    ),
    Code(
        "BMS006",
        "error",
        "Service name fits two services",
        "Several services of the BMS catalogue have that name.",
        "write the id: `bms_service: {id: ...}`",
        blocks=True,
    ),
    Code(
        "BMS007",
        "error",
        "Contract cannot be billed",
        "The contract is expired, not active, or not a recurring services contract.",
        "renew or activate it in BMS, or name another contract; if the customer left, take the"
        " contract out of its file",
        blocks=True,
    ),
    Code(
        "BMS008",
        "error",
        "Another currency",
        "The account is billed in another currency than the configuration's.",
        "keep accounts of each currency in a configuration of their own",
        blocks=True,
    ),
    Code(
        "BMS009",
        "info",
        "Line not in the configuration",
        "The contract has a line of a service we define, and the configuration does not name it."
        " It is left alone.",
        "name it under `services:` to have it kept in step",
    ),
    Code(
        "BMS010",
        "warning",
        "Renamed in BMS",
        "The name in the configuration is gone from BMS; the id it stood for has another name now.",
        "write the line that the finding shows",
    ),
    Code(
        "BMS011",
        "error",
        "Two lines, one BMS service",
        "Two of our services on one contract stand for the same BMS service.",
        "give each its own BMS service, or make them one service with several metrics",
        blocks=True,
    ),
    Code(
        "BMS012",
        "error",
        "Service billed on two contracts",
        "Two contracts of the account have a line of the same service in BMS, and both count the"
        " same organizations: their usage would be billed twice.",
        "take the line off one contract in BMS, or give each contract its own `organizations:`",
        blocks=True,
    ),
    Code(
        "BMS013",
        "error",
        "Id and name are not of one thing",
        "The configuration names a thing by id and by name, and BMS calls the thing with that"
        " id otherwise. Nothing shows that it ever had the name given, or another one has it now:"
        " one of the two is a slip, and billing either would be a guess.",
        "write the id and the name of the one that is meant: `account: {id: ..., name: ...}`",
        blocks=True,
    ),
    Code(
        "BMS014",
        "warning",
        "Ended, and not settled",
        "The contract has ended, and what was used up to its last day is not all in BMS yet. BMS"
        " takes posts only on an active contract, so the changes are on the work list. They are"
        " looked for until the period after the last one is over, then no more.",
        "make the changes in BMS, each on its day, or bill their money there by hand; the next run"
        " finds a change that was made",
        blocks=True,
    ),
    Code(
        "BMS015",
        "error",
        "Invoiced otherwise",
        "The contract's newest invoice runs from and to days that are no period of the"
        " configuration, and would be one if `periods` were the other of its two values. By wrong"
        " periods a count over a month takes in the wrong days, and money is prorated wrongly. Or"
        " the newest two were made before their periods were over where `invoice` is `end`, or"
        " after where it is `start`: a change is then taken for billed, or for not billed yet.",
        "set `billing: {periods: ...}` or `billing: {invoice: ...}` of the contract as its invoices"
        " run",
        blocks=True,
    ),
    Code(
        "KNW001",
        "error",
        "Units unknown",
        "BMS does not tell how many units the line has, and neither the ledger, a note on the"
        " line nor the contract's total does.",
        "`reconciler baseline --template > units.csv`, fill in the units that BMS shows, then"
        " `reconciler baseline --import units.csv`",
        blocks=True,
    ),
    Code(
        "KNW002",
        "error",
        "Drift: BMS was changed by hand",
        "The contract's total or rows are not what the last agreed state and our own writes give."
        " Nothing is written to it.",
        "undo the edit in BMS, or take it over: `reconciler drift --accept`",
        blocks=True,
    ),
    Code(
        "KNW003",
        "info",
        "Change on lines we do not manage",
        "The contract's total moved, and rows that the configuration does not name explain it."
        " It was taken over.",
        "nothing to do",
        once=True,
    ),
    Code(
        "KNW004",
        "warning",
        "Done by hand",
        "A planned change was found in BMS already, made by a person. It counts as done.",
        "look at the line once if nobody remembers making it",
        once=True,
    ),
    Code(
        "KNW005",
        "error",
        "In doubt",
        "The answer to a write was lost, and what BMS shows neither proves that it was carried out"
        " nor that it was not; or the configuration has the contract no more, and nothing was"
        " looked at. Nothing more is written to the contract.",
        "run again later; if it stays, look at the line in BMS and use `reconciler drift --accept`",
        blocks=True,
    ),
    Code(
        "KNW006",
        "error",
        "Two rows of one service",
        "The contract has several rows of this service, and posting is assumed to update the line:"
        " which one would move is not documented.",
        "merge the rows into one in BMS",
        blocks=True,
    ),
    Code(
        "KNW007",
        "warning",
        "Excluded from bulk updates",
        "The row is marked as excluded from bulk updates in BMS, so its price cannot be changed.",
        "take the mark away in BMS, or change the price there",
        blocks=True,
    ),
    Code(
        "KNW008",
        "warning",
        "Cannot be proved by the total",
        "The line's price is zero, so the contract's total says nothing about its units.",
        "nothing to do; our note on the line is the proof",
    ),
    Code(
        "KNW009",
        "error",
        "Units do not close the total",
        "Every row of the contract is known, and units times prices are not the contract's total:"
        " units were learned wrong, most likely a slip in the baseline. Or it has a total and no"
        " row at all. Nothing is written to it.",
        "read the units in BMS again and take them over: `reconciler drift --accept`",
        blocks=True,
    ),
    Code(
        "KNW010",
        "warning",
        "Two writers on one line",
        "Something else changes in BMS what was written here. Kaseya's Integrated Customer Billing,"
        " or another tool that pushes quantities, is the likely cause; the two undo each other"
        " every night.",
        "switch the other one off for this service, or take the line out of the configuration",
    ),
    Code(
        "KNW011",
        "error",
        "Not proved",
        "Only every row of the contract can tell whether somebody changed it, and they were not"
        " read. Nothing is written to it.",
        "run `reconciler plan` without --offline",
        blocks=True,
    ),
    Code(
        "KNW012",
        "error",
        "Not proved around a line's change",
        "What the contract's total holds beyond our lines is taken from the total. On the day of a"
        " line's change, and on the day before it, nobody can tell whether BMS has counted it"
        " already: its midnight may be another. Nothing is written to the contract until then.",
        "nothing to do; the first run after that day goes on",
        blocks=True,
    ),
    Code(
        "KNW013",
        "error",
        "Price changed in BMS",
        "The price of a line of ours was changed in BMS since the contract's total was last agreed,"
        " not by us, and the configuration names none; the money is what it comes to in a month."
        " Nothing is written to the contract until a person has looked.",
        "change it back in BMS, set `price` for the line, or take it over: `reconciler drift"
        ' --accept CONTRACT --reason "..."`, for all such contracts at once `--accept-prices`',
        blocks=True,
    ),
    Code(
        "KNW015",
        "warning",
        "Left behind",
        "Units of the contract were known or written here, and no account of the configuration"
        " names it any more. Its lines keep their units, and BMS goes on billing them.",
        "if the customer left, end the contract in BMS; if not, put its account back",
    ),
    Code(
        "KNW014",
        "error",
        "Known from notes alone",
        "The ledger has nothing of the contract. Our notes tell what its lines had when they were"
        " written; whether somebody edited them since, its total does not tell: it holds rows too"
        " whose units nobody knows. Nothing is written to it.",
        "look at the units in BMS, and take them over: `reconciler drift --accept`",
        blocks=True,
    ),
    Code(
        "KNW016",
        "warning",
        "Rows at different prices",
        "The line's rows in BMS have different prices, and the configuration names none. Units that"
        " are taken off go at the newest row's price, so that a line at 0 units may still bill the"
        " difference.",
        "set `price` for the line, which gives all its rows one price; or mend the rows in BMS",
    ),
)
