"""billing.yaml: the tenant, BMS, usage sources, policies and guards."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reconciler.desired.documents.base import Doc, ExclusionDoc, PeriodsDoc, Version
from reconciler.desired.documents.connection import BmsDoc
from reconciler.desired.documents.settings import PolicyDoc, SettingsDoc
from reconciler.desired.documents.words import (
    Currency,
    DayOfMonth,
    RefName,
    SourceKind,
    TimeZone,
)
from reconciler.desired.scalars import UNSET, Amount, Count, Day, Days, Text, TimeOfDay
from reconciler.desired.shapes import MAY_BE_EMPTY
from reconciler.model.desired import IfUnmerged, OnDrift, Shown, TrueUpBy, Zero
from reconciler.model.settings import Mode


class InvoiceRunDoc(Doc):
    """When BMS bills; true-ups must be merged before."""

    day: DayOfMonth = Field(1, description="The day of the month.", examples=[1])
    time: TimeOfDay = Field(UNSET, description="The local time.", examples=["06:00"])


class TrueUpDoc(Doc):
    """Who lets the quantities that are set at month end be written."""

    by: TrueUpBy = Field(
        UNSET,
        description="schedule: the daily run, inside the guards; pull-request: whoever merges the"
        " month's pull request.",
        examples=["pull-request"],
    )
    if_unmerged: IfUnmerged = Field(
        UNSET,
        description="On the day of the invoice run, where nobody merged it: skip: only a"
        " merge writes it, be it late; apply-within-guards: the daily run writes.",
        examples=["apply-within-guards"],
    )


class SourceDoc(Doc):
    """Where usage comes from."""

    source: SourceKind = Field(description="The kind of source.", examples=["file"])
    path: Text = Field(
        description="The files, relative to this directory.", examples=["usage/*.csv"]
    )
    max_age: Days = Field(
        2, description="Older readings are stale: lines keep their units.", examples=["2d"]
    )


class LedgerDoc(Doc):
    """The git branch that the ledger is kept on."""

    branch: RefName = Field(
        description="A branch of its own; Reconciler makes it.", examples=["reconciler-ledger"]
    )
    remote: RefName = Field(UNSET, description="The remote it is on.", examples=["origin"])


class GuardsDoc(Doc):
    """Limits above which a change is held. Money is per month, or as prorated; null: no limit."""

    percent: Amount = Field(UNSET, description="Change of a line's units.", examples=[30])
    percent_floor_units: Count = Field(
        UNSET, description="Changes of fewer units pass `percent`.", examples=[3]
    )
    line: Amount | None = Field(None, description="Money of one line.", examples=[500])
    account: Amount | None = Field(None, description="Money of one account.", examples=[2000])
    run: Amount | None = Field(None, description="Money of one run.", examples=[5000])
    zero: Zero = Field(
        UNSET, description="Is a line held whose count falls to 0?", examples=["hold"]
    )


class BillingDoc(Doc):
    """What holds for the whole tenant."""

    version: Version
    tenant: Text = Field(description="Whose billing this is.", examples=["Example MSP"])
    currency: Currency = Field(description="The tenant's currency.", examples=["USD"])
    time_zone: TimeZone = Field(
        description="Days are local days of this zone.", examples=["America/New_York"]
    )
    billing_starts: Day | None = Field(
        None,
        description="Nothing is ever dated earlier, and nothing used earlier is counted; required"
        " before a first write.",
        examples=["2026-11-01"],
    )
    mode: Mode = Field(
        "propose",
        description="observe: never write; propose: write what a merged pull request approved;"
        " apply: the nightly run writes inside the guards.",
    )
    on_drift: OnDrift = Field(
        "alert",
        description="What the drift run does about a line that was changed in BMS by hand. alert:"
        " its issue tells it; adopt: a pull request also proposes to take over edits that are"
        " clear.",
    )
    billing: PeriodsDoc | None = Field(None, description="How the contracts' periods run.")
    invoice_run: InvoiceRunDoc | None = Field(None, description="When BMS bills.")
    true_up: TrueUpDoc | None = Field(None, description="Who lets a month's true-up be written.")
    bms: BmsDoc | None = Field(None, description="How to reach BMS, and what it does not document.")
    usage: list[SourceDoc] = Field(default_factory=list, description="Where usage comes from.")
    ledger: LedgerDoc | None = Field(
        None, description="Keep the ledger on a git branch too; left out: in its file alone."
    )
    policies: dict[Text, Annotated[PolicyDoc, MAY_BE_EMPTY]] | None = Field(
        None, description="Policies by name; left out: `daily` and `month-end`."
    )
    default_policy: Text = Field(
        "daily", description="The policy of lines that name none.", examples=["daily"]
    )
    settings: SettingsDoc | None = Field(
        None, description="Settings of all lines; everything else wins over them."
    )
    guards: GuardsDoc | None = Field(None, description="Limits above which a change is held.")
    findings: dict[Text, Shown] = Field(
        default_factory=dict,
        description="By code, how findings are shown; one that holds lines is at least a warning.",
        examples=[{"USG003": "error", "USG014": "off"}],
    )
    exclude: list[ExclusionDoc] = Field(
        default_factory=list, description="Usage left out on purpose."
    )
