"""approvals/<month>.yaml: changes over a guard, approved exactly as named."""

from __future__ import annotations

from pydantic import Field

from reconciler.desired.documents.base import Doc, Version
from reconciler.desired.documents.words import ChangeId
from reconciler.desired.scalars import Count, Day, Number, Text


class ApprovalDoc(Doc):
    """One change; if its numbers change, the approval no longer counts."""

    change: ChangeId = Field(
        description="The change's id in the plan.", examples=["7f3a9c21d04e5b68"]
    )
    account: Text = Field(description="The account's name.", examples=["Brass Building Supplies"])
    contract: Text = Field(description="The contract's name.", examples=["Managed Services"])
    service: Text = Field(description="The service's name.", examples=["managed-server"])
    from_units: Count = Field(description="Units before.", examples=[12])
    to_units: Count = Field(description="Units after.", examples=[44])
    day: Day = Field(description="The day it counts from.", examples=["2026-11-15"])
    monthly: Number = Field(description="Money per month, less is negative.", examples=["704.00"])
    price: Number | None = Field(
        None, description="The price from then on, where that changes.", examples=["24.00"]
    )
    reason: Text = Field(description="Why it is right.", examples=["new office"])


class ApprovalsDoc(Doc):
    """Approved changes."""

    version: Version
    approvals: list[ApprovalDoc] = Field(
        default_factory=list, description="The changes approved by merging this file."
    )
