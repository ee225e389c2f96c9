"""An explanation in a customer's words: names of the catalogue, and nothing of staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reconciler.catalog import load_catalogue
from reconciler.engine.steps import Words

if TYPE_CHECKING:
    from reconciler.model.explanation import Explanation
    from reconciler.model.reading import MetricKey, Reading

ARITHMETIC: Final = {
    "multiply": "multiplied by",
    "per": "divided by",
    "minimum": "at least",
    "maximum": "at most",
    "peak": "highest",
}


@dataclass(frozen=True, slots=True)
class CustomerWords(Words):
    """``names``: of organizations, by product and key; ``account`` where there is none."""

    names: Mapping[tuple[str, str], str]
    account: str

    def metric(self, key: MetricKey) -> str:
        """``Datto RMM Devices by Type``."""
        return metric_name(key.product, key.metric)

    def organization(self, key: MetricKey) -> str:
        """Its name; never the product's id of it."""
        return self.names.get((key.product, key.organization), self.account)

    def because(self, what: str, reason: str | None) -> str:  # noqa: ARG002
        """Reasons are notes of staff."""
        return {"fixed": "agreed", "commitment": "agreed minimum"}[what]

    def setting(self, name: str) -> str:
        """What it does, rather than its key."""
        return ARITHMETIC.get(name, name)


def metric_name(product: str, metric: str) -> str:
    """As the catalogue calls them; as they are where it has no name."""
    known = load_catalogue().get(product)
    if known is None:
        return f"{product} {metric}"
    counted = known.metrics.get(metric)
    return f"{known.name} {metric if counted is None else counted.name}"


def reading_document(reading: Reading, account: str) -> dict[str, Any]:
    """What the customer may see of a reading."""
    known = load_catalogue().get(reading.product)
    counted = known.metrics.get(reading.metric) if known is not None else None
    return {
        "product": reading.product if known is None else known.name,
        "metric": reading.metric if counted is None else counted.name,
        "dimension": reading.dimension,
        "organization": reading.organization or account,
        "day": reading.day,
        "quantity": reading.quantity,
        "names": reading.names,
    }


def document(one: Explanation) -> dict[str, Any]:
    """The JSON for a customer: only what is named here."""
    return {
        "account": one.line.account,
        "contract": one.line.contract,
        "service": one.line.bms_service,
        "as_of": one.as_of,
        "period": one.period,
        "units": one.units,
        "wanted": one.wanted,
        "price": one.price,
        "monthly": one.monthly,
        "by_price": one.by_price,
        "steps": [{"what": step.what, "value": step.value} for step in one.customer_steps],
        "desired": one.desired,
        "readings": [reading_document(reading, one.line.account) for reading in one.readings],
    }
