"""services/<product>.yaml: how metrics become services of the BMS catalogue."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from reconciler.desired.documents.base import Doc, Named, Version
from reconciler.desired.documents.settings import SettingsDoc
from reconciler.desired.scalars import Flag, Text
from reconciler.desired.shapes import ONE_OR_MANY


class TermDoc(Doc):
    """One metric of a count."""

    product: Text | None = Field(
        None, description="The product, where it is not the file's own.", examples=["datto-edr"]
    )
    metric: Text = Field(description="What is counted.", examples=["total-devices"])
    of: Annotated[list[Text], ONE_OR_MANY, Field(min_length=1)] | None = Field(
        None,
        description="Only these types or models; `rest`: all that no other line of the contract"
        " names; left out: all of them.",
        examples=[["Desktop", "Laptop"], "rest"],
    )
    subtract: Flag = Field(default=False, description="Subtract this metric from the others.")


class ServiceDoc(SettingsDoc):
    """A billable thing: metrics tied to a service of the BMS catalogue."""

    bms_service: Named = Field(
        description="The service in BMS, by name or id.", examples=["Managed Workstation"]
    )
    count: Annotated[list[TermDoc], ONE_OR_MANY, Field(min_length=1)] = Field(
        description="The metric counted, or several: summed, or subtracted.",
        examples=[{"metric": "total-devices"}],
    )


class ServicesDoc(Doc):
    """The services of one product."""

    version: Version
    product: Text = Field(
        description="The product whose metrics are counted.", examples=["datto-rmm"]
    )
    services: dict[Text, ServiceDoc] = Field(
        description="The services, by our name for them.",
        examples=[
            {
                "managed-device": {
                    "bms_service": "Managed Device",
                    "count": {"metric": "total-devices"},
                }
            }
        ],
    )
