"""Which exclusions speak of a product or of an organization, and whether they still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reconciler.findings import finding
from reconciler.model.desired import DesiredAccount, Exclusion
from reconciler.model.finding import Finding, Subject
from reconciler.model.reading import Organization


def of_product(rules: Iterable[Exclusion], product: str) -> Iterator[Exclusion]:
    """Those that leave out all of a product, past ones too."""
    return (rule for rule in rules if rule.product == product and rule.organization is None)


def of_organization(
    rules: Iterable[Exclusion], product: str, key: str, name: str
) -> Iterator[Exclusion]:
    """Those that leave out one organization, of every product or of this one; past ones too."""
    for rule in rules:
        if _names(rule, product, key, name):
            yield rule


def unknown(rule: Exclusion, account: DesiredAccount | None = None) -> Finding:
    """What to say of an exclusion that leaves nothing out, since no source knows its organization.

    ``account``: whose file has it; None: billing.yaml.
    """
    whose = None if account is None else str(account.account)
    subject = Subject(account=whose, product=rule.product, organization=str(rule.organization))
    product = "" if rule.product is None else f" of {rule.product}"
    message = f"no reading{product} ever named {rule.organization}, which `exclude:` leaves out"
    origin = None if account is None else account.origin
    return finding("USG008", message, subject=subject, origin=origin)


def unknown_to_all(
    rules: Iterable[Exclusion], known: Iterable[Organization], day: date
) -> Iterator[Finding]:
    """The same of all exclusions in billing.yaml that hold on a day."""
    for rule in holding(rules, day):
        if rule.organization is not None and not any(_names(rule, *one) for one in known):
            yield unknown(rule)


def _names(rule: Exclusion, product: str, key: str, name: str) -> bool:
    wanted = rule.organization
    if wanted is None or rule.product not in (None, product):
        return False
    return wanted.id == key or (wanted.id is None and wanted.name == name)


def holding(rules: Iterable[Exclusion], day: date) -> Iterator[Exclusion]:
    """Those that are in force on that day."""
    return (rule for rule in rules if rule.until is None or day <= rule.until)
