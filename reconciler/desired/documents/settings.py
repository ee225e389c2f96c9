"""The settings of lines, as they may stand at a policy, service, account, contract or line."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reconciler.desired.documents.base import Doc
from reconciler.desired.scalars import UNSET, Amount, Count, Day, Days, Factor, Text
from reconciler.model.settings import (
    Adjust,
    Carry,
    Credits,
    Decrease,
    Increase,
    Late,
    Over,
    Rounding,
)


class GapsDoc(Doc):
    """Missing readings that may be filled."""

    allow: Days = Field(
        description="How many missing days in a row may be filled.", examples=["3d"]
    )
    fill: Literal["carry"] = Field(
        "carry", description="With the reading before them; a filled day never lowers a line."
    )


class UnitsDoc(Doc):
    """Units agreed by hand; they win over the count."""

    fixed: Count = Field(description="The units.", examples=[44])
    reason: Text = Field(description="Why they are fixed.", examples=["dispute of October"])
    until: Day | None = Field(None, description="Up to and including.", examples=["2026-12-31"])


class CommitmentDoc(Doc):
    """A minimum with an end."""

    floor: Count = Field(
        description="Never fewer units, up to and including `until`.", examples=[40]
    )
    until: Day = Field(description="Up to and including.", examples=["2027-06-30"])
    reason: Text | None = Field(None, description="Why.", examples=["three-year agreement"])


class RulesDoc(Doc):
    """How readings become units, and from which day a change counts."""

    adjust: Adjust = Field(
        UNSET, description="When a line may move: every day, or once when the month is complete."
    )
    over: Over = Field(
        UNSET, description="Which quantity of the period so far counts.", examples=["last", "peak"]
    )
    increase: Increase = Field(
        UNSET,
        description="From which day more units count: the day of the change (prorated), the start"
        " of the period, or the next period. `period-start` raises every day since then to the new"
        " count, and lowers none: after 10, 8 and then 9 units the days that had 10 keep them.",
    )
    decrease: Decrease = Field(
        UNSET, description="From which day fewer units count, or never.", examples=["change-date"]
    )
    late: Late = Field(
        UNSET,
        description="What happens to a change dated into a period that is invoiced already. Left"
        " out: what counts from the day of the change is prorated, anything else held. `hold` never"
        " holds what counts from the day of the change.",
        examples=["prorated-transaction"],
    )
    carry: Carry = Field(
        UNSET,
        description="With `adjust: month-end`, the units until the true-up: those of the last"
        " true-up, or the newest reading at the period's start.",
    )
    credits: Credits = Field(
        UNSET,
        description="What happens to a decrease dated into a period that is invoiced already, and"
        " so would be a credit: it is made now, or held until the next period starts.",
        examples=["hold"],
    )
    gaps: GapsDoc = Field(
        UNSET,
        description="How missing readings are filled; left out: not at all.",
        examples=[{"allow": "3d"}],
    )
    multiply: Factor = Field(
        UNSET, description="The quantity is multiplied by this first.", examples=[1, "0.5"]
    )
    per: Factor = Field(
        UNSET, description="Then divided by this: the size of a pack.", examples=[500]
    )
    round: Rounding = Field(UNSET, description="To whole units.", examples=["up"])


class PolicyDoc(RulesDoc):
    """A policy: a named set of rules."""


class SettingsDoc(RulesDoc):
    """Settings of a line, or of all lines below."""

    policy: Text = Field(
        UNSET, description="The policy, by its name in billing.yaml.", examples=["month-end"]
    )
    included: Amount = Field(
        UNSET, description="Units that are included and not billed.", examples=[1]
    )
    minimum: Count | None = Field(
        None, description="Never fewer units; null takes a minimum away.", examples=[3]
    )
    commitment: CommitmentDoc | None = Field(
        None,
        description="A minimum with an end, beside `minimum`; null takes it away. `last_day` and"
        " fixed units win over it.",
        examples=[{"floor": 40, "until": "2027-06-30", "reason": "three-year agreement"}],
    )
    maximum: Count | None = Field(
        None, description="Never more units; null takes a maximum away.", examples=[100]
    )
    price: Amount | None = Field(
        None,
        description="Per unit and billing cycle; null or left out: the line's own price stays.",
        examples=["22.00"],
    )
    units: UnitsDoc | None = Field(
        None,
        description="Units agreed by hand; null lets the count decide again.",
        examples=[{"fixed": 44, "until": "2026-12-31", "reason": "dispute of October"}],
    )
