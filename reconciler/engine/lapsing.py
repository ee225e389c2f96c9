"""Waivers and exclusions that one configuration has and another has not, or not as long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reconciler.model.allowance import FOR_GOOD, Allowance
from reconciler.model.desired import Exclusion, Waiver


@dataclass(frozen=True, slots=True)
class _Lasting:
    until: date
    reason: str


def waived(
    new: Iterable[Waiver], old: Iterable[Waiver], as_of: date, account: str
) -> Iterator[Allowance]:
    """Those that ended before ``as_of`` waive nothing."""
    after, before = _waivers(new, as_of), _waivers(old, as_of)
    for name in dict.fromkeys([*after, *before]):
        now, was = after.get(name), before.get(name)
        longer = now is not None and (was is None or now.until > was.until)
        yield Allowance("waiver", name, _until(was), _until(now), longer, account, _reason(now))


def excluded(
    new: Iterable[Exclusion], old: Iterable[Exclusion], as_of: date, account: str = ""
) -> Iterator[Allowance]:
    """Nothing is written because of one: it leaves usage out of the bill, as it says itself."""
    after, before = _exclusions(new, as_of), _exclusions(old, as_of)
    for name in dict.fromkeys([*after, *before]):
        now, was = after.get(name), before.get(name)
        days = (_until(was), _until(now))
        yield Allowance(
            "exclusion", name, *days, loosens=False, account=account, reason=_reason(now)
        )


def _waivers(given: Iterable[Waiver], as_of: date) -> dict[str, _Lasting]:
    found: dict[str, _Lasting] = {}
    for one in given:
        name = one.code if one.service is None else f"{one.code} for {one.service}"
        _keep(found, name, _Lasting(one.until, one.reason), as_of)
    return found


def _exclusions(given: Iterable[Exclusion], as_of: date) -> dict[str, _Lasting]:
    found: dict[str, _Lasting] = {}
    for one in given:
        parts = (
            "" if one.product is None else f"product {one.product}",
            "" if one.organization is None else f"organization {one.organization}",
        )
        until = FOR_GOOD if one.until is None else one.until
        _keep(found, " ".join(filter(None, parts)), _Lasting(until, one.reason), as_of)
    return found


def _keep(found: dict[str, _Lasting], name: str, one: _Lasting, as_of: date) -> None:
    """Of two of the same, the one that lasts longer."""
    if one.until >= as_of and (name not in found or found[name].until < one.until):
        found[name] = one


def _until(one: _Lasting | None) -> date | None:
    return None if one is None else one.until


def _reason(one: _Lasting | None) -> str:
    return "" if one is None else one.reason
