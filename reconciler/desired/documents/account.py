"""accounts/<name>.yaml: a customer's organizations and contracts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from reconciler.desired.documents.base import (
    Doc,
    ExclusionDoc,
    Named,
    Organizations,
    PeriodsDoc,
    Version,
)
from reconciler.desired.documents.settings import SettingsDoc
from reconciler.desired.scalars import UNSET, Day, Text
from reconciler.desired.shapes import MAY_BE_EMPTY
from reconciler.model.desired import OnDrift
from reconciler.model.settings import Mode


class ChangeDoc(SettingsDoc):
    """Settings of a line that start on a day and stay until another change."""

    start: Day = Field(alias="from", description="The first day.", examples=["2027-01-01"])


class LineDoc(SettingsDoc):
    """One service on a contract."""

    start: Day | None = Field(
        None,
        alias="from",
        description="Never billed before this day; what was used before it is not counted.",
        examples=["2026-12-01"],
    )
    last_day: Day | None = Field(
        None,
        description="Billed up to and including this day; it wins over minimum and units. In a"
        " period that is invoiced already it takes effect with the next one, unless decreases count"
        " from their day or `late: prorated-transaction` says so.",
        examples=["2026-11-30"],
    )
    organizations: Organizations | None = Field(
        None, description="Only these organizations of the account count here, by product."
    )
    note: Text | None = Field(
        None, description="For people.", examples=["agreed in the 2026 renewal"]
    )
    changes: list[ChangeDoc] = Field(
        default_factory=list,
        description="Settings that start on a day. A policy that starts in the middle of a period"
        " divides it: the days before are billed by the old one as if the period ended there, the"
        " days from it on by the new one as if it began there.",
        examples=[[{"from": "2027-01-01", "price": "24.00"}]],
    )


def _written(found: object) -> str:
    return "the word all" if isinstance(found, str) else "a mapping"


Lines = Annotated[
    Annotated[Literal["all"], Tag("the word all")]
    | Annotated[dict[Text, Annotated[LineDoc, MAY_BE_EMPTY]], Tag("a mapping")],
    Discriminator(_written),
]


class ContractDoc(Doc):
    """A recurring services contract and the lines managed on it."""

    contract: Named = Field(
        description="The contract in BMS, by name or id.", examples=["Managed Services"]
    )
    services: Lines = Field(
        description="The lines, by our names of the services; or `all`: every line of the contract"
        " whose BMS service is defined.",
        examples=["all", {"managed-device": {}}],
    )
    billing: PeriodsDoc | None = Field(None, description="How this contract's periods run.")
    organizations: Organizations | None = Field(
        None, description="Only these organizations of the account count here, by product."
    )
    settings: SettingsDoc | None = Field(None, description="Settings of all lines of the contract.")


class WaiverDoc(Doc):
    """A finding accepted for a while."""

    code: Text = Field(description="The finding's code.", examples=["GRD001"])
    service: Text | None = Field(
        None, description="Only for this service of the account; not with GRD003."
    )
    reason: Text = Field(description="Why it is accepted.", examples=["migration"])
    until: Day = Field(description="Up to and including.", examples=["2026-12-31"])


class AccountDoc(Doc):
    """A customer: which organizations are this account, and what is billed on its contracts."""

    version: Version
    account: Named = Field(
        description="The account in BMS, by name or id.", examples=["Brass Building Supplies"]
    )
    mode: Mode = Field(
        UNSET,
        description="observe: never write; propose: write what a merged pull request approved;"
        " apply: the nightly run writes inside the guards.",
    )
    on_drift: OnDrift = Field(
        UNSET, description="For this account; else as in billing.yaml.", examples=["adopt"]
    )
    organizations: Organizations = Field(
        default_factory=dict,
        description="By product, the organizations that are this account; several are summed.",
        examples=[{"datto-rmm": "Brass Building Supplies"}],
    )
    contracts: list[ContractDoc] = Field(
        default_factory=list, description="The contracts whose lines are managed."
    )
    billing: PeriodsDoc | None = Field(None, description="How this account's periods run.")
    settings: SettingsDoc | None = Field(None, description="Settings of all lines of the account.")
    exclude: list[ExclusionDoc] = Field(
        default_factory=list, description="Usage of this account left out on purpose."
    )
    waivers: list[WaiverDoc] = Field(
        default_factory=list, description="Findings accepted for a while."
    )
