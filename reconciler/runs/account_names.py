"""Accounts that a command names, and what somebody may have meant by others."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reconciler.model.errors import WrongUsage

if TYPE_CHECKING:
    from reconciler.model.desired import DesiredAccount, DesiredState

AS_WRITTEN: Final = "take the name as it stands after `account:` in its file"
_ALIKE: Final = 0.75
"""As a name with a slip is; two names of companies have much in common anyway."""


def check_accounts(
    state: DesiredState, accounts: tuple[str, ...], *, otherwise: str = AS_WRITTEN
) -> None:
    """WrongUsage for a name that the configuration does not have; ``otherwise``: the remedy where
    nothing is like it."""
    known = {str(account.account) for account in state.accounts}
    for name in accounts:
        if name not in known:
            raise WrongUsage(
                f"no account {name!r} in the configuration",
                where="account",
                remedy=next(_meant(name, state), otherwise),
            )


def _meant(name: str, state: DesiredState) -> Iterator[str]:
    """What it may stand for, the surest first."""
    asked = name.strip().casefold()
    if not asked:
        return
    known = {str(account.account): account for account in state.accounts}
    folded = {one.casefold(): one for one in sorted(known)}
    for one, account in known.items():
        if asked.lstrip("#") == str(account.account.id):
            yield f"did you mean {one!r}? The id alone is no name here"
    if asked not in folded:
        for one, account in known.items():
            if product := _product_of(asked, account):
                yield f"did you mean {one!r}? That is an organization of it in {product}"
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
