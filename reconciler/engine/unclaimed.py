"""What is said of usage that no account claims, of all who have it or of some."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from reconciler.engine.words import some
from reconciler.findings import finding
from reconciler.model.finding import Finding, Named, Subject


def unclaimed(product: str, who: Collection[Named], money: Decimal | None) -> Finding:
    """USG003 of all of them."""
    named = tuple(sorted(who, key=lambda one: (one.name, one.key)))
    message = f"{_have(named, 'organization')} usage of {product} and {_names(named)}"
    subject = Subject(product=product)
    return replace(finding("USG003", message, subject=subject, money=money), organizations=named)


def only(found: Finding, new: tuple[Named, ...]) -> Finding:
    """The same finding, of those of its organizations that are new; its money is of all."""
    count = len(found.organizations)
    if len(new) == count:
        return found
    have = _have(new, "new organization")
    message = f"{have} usage of {found.subject.product} and {_names(new)}; {count} in all"
    return replace(found, message=message, organizations=new)


def _have(who: Collection[Named], what: str) -> str:
    return f"1 {what} has" if len(who) == 1 else f"{len(who)} {what}s have"


def _names(who: Collection[Named]) -> str:
    return f"no account claims it: {some(one.name for one in who)}"
