"""Findings as the configuration wants them shown: other severities, off, or waived for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reconciler.findings import HOLDS
from reconciler.model.desired import DesiredAccount, Shown, Waiver
from reconciler.model.finding import Finding


def waivers_by_name(
    accounts: Iterable[DesiredAccount], names: Mapping[str, str]
) -> dict[str, Sequence[Waiver]]:
    """By each name that an account has in a finding; ``names``: those of BMS, by our own."""
    waivers: dict[str, Sequence[Waiver]] = {}
    for account in accounts:
        if account.waivers:
            name = str(account.account)
            waivers[name] = waivers[names.get(name, name)] = account.waivers
    return waivers


def as_wanted(
    findings: Iterable[Finding],
    wanted: Mapping[str, Shown],
    waivers: Mapping[str, Sequence[Waiver]],
    as_of: date,
) -> Iterator[Finding]:
    """``wanted``: severities by code; ``waivers`` by account name."""
    for found in findings:
        shown = wanted.get(found.code, found.severity)
        if shown == "off":
            continue
        waiver = _waiver(found, waivers.get(found.subject.account or "", ()), as_of)
        if waiver is not None:
            why = f"{waiver.reason}, until {waiver.until}"
            yield replace(found, severity="info", waived=why)
        else:
            yield found if shown == found.severity else replace(found, severity=shown)


def _waiver(found: Finding, waivers: Sequence[Waiver], as_of: date) -> Waiver | None:
    """What holds lines is let through by its guard alone, never silenced here."""
    if found.code in HOLDS:
        return None
    for waiver in waivers:
        here = waiver.service in (None, found.subject.service)
        if waiver.code == found.code and here and as_of <= waiver.until:
            return waiver
    return None
