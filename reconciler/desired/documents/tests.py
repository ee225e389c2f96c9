"""tests/*.yaml: what policies must come to on readings that somebody made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from reconciler.desired.documents.base import Doc, PeriodsDoc, Version, any_of, need_one_of
from reconciler.desired.documents.days import ByDay, ByMonth, UnitsByDay
from reconciler.desired.documents.settings import SettingsDoc
from reconciler.desired.scalars import Amount, Count, Day, Number, Text


class ReadingsDoc(Doc):
    """Readings of one metric of one organization."""

    organization: Text = Field(
        "customer", description="Several organizations are summed.", examples=["North branch"]
    )
    product: Text | None = Field(
        None, description="The product; left out: that of the count.", examples=["datto-rmm"]
    )
    metric: Text | None = Field(
        None, description="The metric, where the count has several.", examples=["total-devices"]
    )
    dimension: Text | None = Field(
        None, description="The type or model, where the count names some.", examples=["Server"]
    )
    days: ByDay = Field(
        description="Quantities by day, or by the first and last of several; a day left out has no"
        " reading, which is not 0.",
        examples=[{"2026-11-01..2026-11-14": 10, "2026-11-15": 12}],
    )


def _written(found: object) -> str:
    return "a list" if isinstance(found, list) else "a mapping"


Readings = Annotated[
    Annotated[list[ReadingsDoc], Tag("a list")] | Annotated[ByDay, Tag("a mapping")],
    Discriminator(_written),
]


class CaseContractDoc(Doc):
    """The contract that the line stands on, as BMS has it."""

    start: Day = Field(description="The contract's first day.", examples=["2026-01-01"])
    end: Day | None = Field(None, description="Its last day.", examples=["2027-12-31"])
    cycle: Literal["weekly", "monthly", "quarterly", "yearly"] = Field(
        "monthly", description="How often it is billed."
    )
    billing: PeriodsDoc | None = Field(
        None,
        description="How its periods run; left out: as the account or billing.yaml says.",
    )
    price: Amount = Field(
        Decimal(0), description="The line's price per unit and cycle.", examples=["22.00"]
    )
    units: Count | None = Field(
        None,
        description="Units since the contract's first day; left out: BMS does not have the line.",
        examples=[10],
    )
    invoiced: Day | None = Field(
        None, description="The last day that an invoice covers.", examples=["2026-10-31"]
    )


class UnitsFromDoc(Doc):
    """Units from a day on."""

    day: Day = Field(description="The day they count from.", examples=["2026-11-15"])
    units: Count = Field(description="The units in all.", examples=[12])


class ExpectedMoneyDoc(Doc):
    """Money in the tenant's currency."""

    model_config = any_of("monthly", "prorated", "billed")

    monthly: Number | None = Field(
        None, description="Per month, of all changes together.", examples=["44.00"]
    )
    prorated: Number | None = Field(
        None,
        description="Of all changes together, up to the end of the period that holds `as_of`.",
        examples=["23.47"],
    )
    billed: ByMonth | None = Field(
        None,
        description="What the line comes to for the periods that begin in a month.",
        examples=[{"2026-11": "243.47"}],
    )

    @model_validator(mode="after")
    def _something(self) -> ExpectedMoneyDoc:
        return need_one_of(self, "monthly", "prorated", "billed")


class ExpectDoc(Doc):
    """What must come out; what is left out is not looked at."""

    model_config = any_of("units", "days", "changes", "scheduled", "money")

    units: Count | None = Field(None, description="Units wanted on `as_of`.", examples=[12])
    days: UnitsByDay | None = Field(
        None,
        description="Units wanted on days, or on each of several.",
        examples=[{"2026-11-01..2026-11-14": 10, "2026-11-15": 12}],
    )
    changes: list[UnitsFromDoc] | None = Field(
        None,
        description="The changes that a plan on `as_of` has, all of them, in order.",
        examples=[[{"day": "2026-11-15", "units": 12}]],
    )
    scheduled: list[UnitsFromDoc] | None = Field(
        None,
        description="The changes whose day has not come, all of them.",
        examples=[[{"day": "2026-12-01", "units": 8}]],
    )
    money: ExpectedMoneyDoc | None = Field(None, description="Money, to the last digit.")

    @model_validator(mode="after")
    def _something(self) -> ExpectDoc:
        return need_one_of(self, "units", "days", "changes", "scheduled", "money")


class CaseDoc(Doc):
    """One case."""

    name: Text = Field(
        description="What it protects.", examples=["a server more counts from its first day"]
    )
    service: Text | None = Field(
        None, description="A service of services/, with its settings.", examples=["managed-server"]
    )
    account: Text | None = Field(
        None,
        description="The service as this account has it; left out: as any account has it.",
        examples=["Brass Building Supplies"],
    )
    settings: SettingsDoc | None = Field(
        None,
        description="Settings on top of the service's, or without one.",
        examples=[{"policy": "month-end"}],
    )
    contract: CaseContractDoc = Field(description="The contract that the line stands on.")
    readings: Readings = Field(
        description="Quantities by day, or a list where the count takes several readings.",
        examples=[{"2026-11-01..2026-11-14": 10, "2026-11-15..2026-11-30": 12}],
    )
    as_of: Day = Field(
        description="The day of the plan; the day before it is the last that counts.",
        examples=["2026-12-01"],
    )
    expect: ExpectDoc = Field(description="What must come out.")


class PolicyTestsDoc(Doc):
    """Tests of policies; `reconciler validate --tests` runs them."""

    version: Version
    cases: list[CaseDoc] = Field(default_factory=list, description="The cases.")
