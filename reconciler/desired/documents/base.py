"""What all documents share: strict, closed, frozen; versions; references; exclusions."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from reconciler.desired.scalars import UNSET, Day, Text, Whole, refuse
from reconciler.desired.shapes import NAME_OR_MAPPING, ONE_OR_MANY


class Doc(BaseModel):
    """A mapping of a document."""

    # Most mappings stand inside others only, and need no validator of their own.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


D = TypeVar("D", bound=Doc)


def any_of(*keys: str) -> ConfigDict:
    """The schema's side of ``need_one_of``."""
    return ConfigDict(json_schema_extra={"anyOf": [{"required": [key]} for key in keys]})


VERSION: Final = "1"
"""The version of the files' format that this release knows."""


def _read_version(found: object) -> str:
    if found != VERSION:
        refuse(found, "`version: 1`, the version this release knows", code="CFG004")
    return VERSION


Version = Annotated[
    Literal["1"],
    BeforeValidator(_read_version),
    WithJsonSchema({"enum": [1, "1"]}),
    Field(description="The version of the file's format.", examples=[1]),
]


class ReferenceDoc(Doc):
    """A thing in BMS by id, by name, or both; the id wins."""

    model_config = any_of("id", "name")

    id: Whole = Field(UNSET, description="The id in BMS; it survives a rename.", examples=[1001])
    name: Text = Field(UNSET, description="The name in BMS.", examples=["Managed Services"])

    @model_validator(mode="after")
    def _named(self) -> ReferenceDoc:
        return need_one_of(self, "id", "name")


class OrganizationDoc(Doc):
    """An organization of a product by id, by name, or both; the id wins."""

    model_config = any_of("id", "name")

    id: Text = Field(UNSET, description="The product's id of it.", examples=["4711"])
    name: Text = Field(
        UNSET, description="Its name in the product.", examples=["Brass Building Supplies LLC"]
    )

    @model_validator(mode="after")
    def _named(self) -> OrganizationDoc:
        return need_one_of(self, "id", "name")


def need_one_of(doc: D, *keys: str) -> D:
    """The document itself, when at least one of the keys has a value."""
    values = doc.__dict__
    if all(values[key] is None for key in keys):
        listed = " or ".join(f"`{key}:`" for key in keys)
        raise PydanticCustomError("nothing_named", "{listed} is missing", {"listed": listed})
    return doc


Named = Annotated[ReferenceDoc, NAME_OR_MAPPING]
Organization = Annotated[OrganizationDoc, NAME_OR_MAPPING]
Organizations = dict[str, Annotated[list[Organization], ONE_OR_MANY]]


class ExclusionDoc(Doc):
    """Usage left out on purpose."""

    model_config = any_of("organization", "product")

    organization: Organization = Field(
        UNSET,
        description="The organization left out, of every product where none is named.",
        examples=["NFR Lab"],
    )
    product: Text = Field(
        UNSET,
        description="The product left out, all of it where no organization is named.",
        examples=["bullphish-id"],
    )
    reason: Text = Field(description="Why.", examples=["our own test tenant"])
    until: Day | None = Field(
        None,
        description="Up to and including. A day that is left out adds nothing to the peak or sum of"
        " its period, and its average counts it as 0.",
        examples=["2027-01-01"],
    )

    @model_validator(mode="after")
    def _named(self) -> ExclusionDoc:
        return need_one_of(self, "organization", "product")


class PeriodsDoc(Doc):
    """How a contract's periods run; BMS cannot tell."""

    periods: Literal["calendar", "contract-start"] | None = Field(
        None, description="Periods begin with the calendar's, or on the contract's own day."
    )
    invoice: Literal["start", "end"] | None = Field(
        None, description="Is a period invoiced at its start or at its end?"
    )
