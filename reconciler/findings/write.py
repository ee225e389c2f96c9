"""APP: what happened while writing."""

from __future__ import annotations

from typing import Final

from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "APP001",
        "error",
        "BMS refused the change",
        "BMS understood the write and said no. Nothing was changed. The later steps of its line"
        " wait, and after a price everything else of its contract; other lines are written. A first"
        " write that was refused proved nothing: the next one is read back at once in its place."
        " The next run tries it again.",
        "mend in BMS or in the configuration what BMS's own words name, then run again",
    ),
    Code(
        "APP002",
        "error",
        "The first write did not fit",
        "BMS's answer or what was read back after the run's first write is not what the"
        " assumptions say. The run stopped.",
        "look at the line in BMS; set `bms.assume` to what it really did",
        blocks=True,
    ),
    Code(
        "APP003",
        "error",
        "Answer lost",
        "A write was sent and no answer came back. It is not sent again until BMS shows whether"
        " it was carried out.",
        "run `reconciler plan` again; after an hour at the latest it is known",
        blocks=True,
    ),
    Code(
        "APP004",
        "error",
        "Read-back does not fit",
        "BMS answered the write, and what was read back afterwards does not show it as posted."
        " Nothing more is written to the contract.",
        "look at the line in BMS, then use `reconciler drift --accept`",
        blocks=True,
    ),
    Code(
        "APP005",
        "error",
        "A write did not fit",
        "What BMS answered to a write, or what was read back after it, is not what was posted. The"
        " assumption that was wrong is the same for every contract: the run stopped, and nothing"
        " more is written anywhere until a person has looked.",
        "look at the contract in BMS, set `bms.assume` to what BMS really did, then take the"
        " contract over as it is: `reconciler drift --accept`",
        blocks=True,
    ),
)
