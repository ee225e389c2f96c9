"""Accounts that a command names, and what somebody may have meant by others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reconciler.engine.organizations import Directory
from reconciler.engine.words import some
from reconciler.model.errors import WrongUsage
from reconciler.model.reading import Organization, Usage

if TYPE_CHECKING:
    from datetime import date

    from reconciler.ledger import Ledger
    from reconciler.model.desired import DesiredAccount, DesiredState

AS_WRITTEN: Final = "take the name as it stands after `account:` in its file"
_ALIKE: Final = 0.75
"""As a name with a slip is; two names of companies have much in common anyway."""


@dataclass(frozen=True, slots=True)
class Known:
    """What readings have named so far, and the day."""

    ledger: Ledger
    as_of: date


def check_accounts(
    state: DesiredState, accounts: tuple[str, ...], known: Known | None = None
) -> None:
    """WrongUsage for a name that the configuration does not have."""
    names = {str(account.account) for account in state.accounts}
    for name in accounts:
        if name not in names:
            raise WrongUsage(
                f"no account {name!r} in the configuration",
                where="account",
                remedy=next(_meant(name, state, known), AS_WRITTEN),
            )


def _meant(name: str, state: DesiredState, known: Known | None) -> Iterator[str]:
    """What it may stand for, the surest first."""
    asked = name.strip().casefold()
    if not asked:
        return
    names = {str(account.account): account for account in state.accounts}
    folded = {one.casefold(): one for one in sorted(names)}
    for one, account in names.items():
        if asked.lstrip("#") == str(account.account.id):
            yield f"did you mean {one!r}? The id alone is no name here"
    if asked not in folded:
        for one, account in names.items():
            if product := _product_of(asked, account):
                yield _organization_of(one, product)
        if known is not None:
            yield from _of_readings(asked, state, known)
    for near in get_close_matches(asked, folded, 1, _ALIKE):
        yield f"did you mean {folded[near]!r}?"
    for one, written in folded.items():
        if asked in one:
            yield f"did you mean {written!r}?"


def _product_of(asked: str, account: DesiredAccount) -> str | None:
    """One in which an organization of the account has that name or id."""
    for product, organizations in account.organizations.items():
        for one in organizations:
            if asked in {str(part).casefold() for part in (one.id, one.name) if part}:
                return product
    return None


def _of_readings(asked: str, state: DesiredState, known: Known) -> Iterator[str]:
    """An organization that a source named so: whose it is, or that it is nobody's."""
    organizations = known.ledger.organizations()
    directory = Directory.of(state, Usage(organizations=organizations), known.as_of)
    found = [one for one in organizations if asked in (one.name.casefold(), one.key.casefold())]
    for one in found:
        if account := directory.claimed.get((one.product, one.key)):
            yield _organization_of(account, one.product)
    loose = [one for one in found if not directory.is_excluded(*one)]
    if loose:
        yield (
            f"it is an organization of {_products(loose)} that no account claims: map it in an"
            " account's file, or exclude it with a reason"
        )
    elif found:
        yield f"it is an organization of {_products(found)} that is excluded: it bills nobody"


def _organization_of(account: str, product: str) -> str:
    return f"did you mean {account!r}? That is an organization of it in {product}"


def _products(found: Iterable[Organization]) -> str:
    return some({one.product for one in found})
