"""Which exclusions speak of a product or of an organization, and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.model.desired import Exclusion


def of_product(rules: Iterable[Exclusion], product: str) -> Iterator[Exclusion]:
    """Those that leave out all of a product, past ones too."""
    return (rule for rule in rules if rule.product == product and rule.organization is None)


def of_organization(
    rules: Iterable[Exclusion], product: str, key: str, name: str
) -> Iterator[Exclusion]:
    """Those that leave out one organization, of every product or of this one; past ones too."""
    for rule in rules:
        wanted = rule.organization
        if wanted is None or rule.product not in (None, product):
            continue
        if wanted.id == key or (wanted.id is None and wanted.name == name):
            yield rule


def holding(rules: Iterable[Exclusion], day: date) -> Iterator[Exclusion]:
    """Those that are in force on that day."""
    return (rule for rule in rules if rule.until is None or day <= rule.until)
