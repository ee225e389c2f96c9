"""USG: readings that are missing, old, unmapped or counted by nobody."""

from __future__ import annotations

from typing import Final

from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "USG001",
        "warning",
        "Reading missing",
        "An organization that counts here has no reading for the newest closed day. A missing"
        " reading is unknown, never 0: the line keeps its units.",
        "check the source; import the day when it is there",
    ),
    Code(
        "USG002",
        "error",
        "Readings too old",
        "The newest complete reading is older than the source's `max_age`, or none ever came and a"
        " line with units in BMS counts it. The line keeps its units.",
        "mend the source, then `reconciler usage pull`",
    ),
    Code(
        "USG003",
        "warning",
        "Usage without an account",
        "An organization has usage and no account claims it: nobody is billed for it.",
        "map it in the account's file, or exclude it with a reason",
    ),
    Code(
        "USG004",
        "error",
        "Source failed",
        "The last pull of a source failed. Only lines that count its products are held.",
        "mend what the message names, then `reconciler usage pull`",
    ),
    Code(
        "USG005",
        "warning",
        "Usage without a line",
        "A mapped organization has usage of a metric that no line counts.",
        "add a service that counts it to the contract, or exclude the product with a reason",
    ),
    Code(
        "USG006",
        "info",
        "Days filled",
        "Days without a reading were filled with the reading before them, as the policy allows.",
        "nothing to do; the days are named",
    ),
    Code(
        "USG007",
        "error",
        "Nothing checked",
        "No line, or no reading, could be looked at. That is not the same as being in step.",
        "check the account filter, the accounts/ folder and the usage sources",
        blocks=True,
    ),
    Code(
        "USG008",
        "warning",
        "Organization unknown to its source",
        "An organization that is mapped or left out has never appeared in any reading of its"
        " product.",
        "check the spelling against `reconciler usage show`",
    ),
    Code(
        "USG009",
        "warning",
        "Nothing to count",
        "The account maps no organization of any product that the line counts (or excludes them"
        " all). Its units stay as they are.",
        "map an organization in the account's file or end what excludes it; `last_day` ends the"
        " line, and `units: {fixed: 0}` bills nothing meanwhile",
    ),
    Code(
        "USG010",
        "error",
        "Organization name fits two",
        "Two organizations of the product have that name; taking one would be a guess.",
        "write the id: `{id: ..., name: ...}`",
        blocks=True,
    ),
    Code(
        "USG011",
        "warning",
        "Usage fell to zero",
        "An organization that had usage within the period has none in its newest reading: it left,"
        " or its source answers wrongly.",
        "look at the product; a line that falls to 0 waits for an approval",
    ),
    Code(
        "USG012",
        "error",
        "Organization vanished from its source",
        "An organization that reported before is no longer in its source's answers, or never was"
        " and a line with units in BMS counts it, while others of the product are there. Its lines"
        " keep their units.",
        "look whether it is misspelt, or was renamed, moved or ended in the product; then map the"
        " name that it has there, or end its lines with `last_day`",
    ),
    Code(
        "USG013",
        "warning",
        "Type that no line counts",
        "A metric is counted by type or model, and mapped organizations have a type that no line of"
        " their account counts.",
        "add it to the `of:` of a service, or give a service `of: rest`",
    ),
    Code(
        "USG014",
        "info",
        "Lines without usage",
        "Lines of the contract have 0 units, and their organizations had nothing to count for 30"
        " days.",
        "end them with `last_day`, or leave them for when usage comes",
    ),
    Code(
        "USG015",
        "warning",
        "Units kept since days are missing",
        "A count takes in days without a reading, so it may not lower its lines: they keep their"
        " units. Filled days count as missing here. The money is per month, of the decreases that"
        " wait.",
        "import the days; or agree the units with `units: {fixed: ...}`",
    ),
    Code(
        "USG016",
        "error",
        "Type that is misspelt",
        "A count names a type or model in `of:` that no reading of any day or organization named."
        " It counts 0. One that differs by one or two slips of typing is in use, and no service"
        " of the configuration names it.",
        "correct the name in `of:`; where it is right, set `findings: {USG016: warning}` in"
        " billing.yaml",
    ),
)
