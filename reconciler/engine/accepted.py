"""Findings as the configuration wants them shown: other severities, off, or waived for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from reconciler.findings import HOLDS
from reconciler.model.desired import DesiredState, Waiver
from reconciler.model.finding import Finding


def as_wanted(
    findings: Iterable[Finding], state: DesiredState, names: Mapping[str, str], as_of: date
) -> Iterator[Finding]:
    """``names``: of accounts as BMS has them, by the name the configuration has."""
    waivers: dict[str, Sequence[Waiver]] = {}
    for account in state.accounts:
        if account.waivers:
            name = str(account.account)
            waivers[name] = waivers[names.get(name, name)] = account.waivers
    for found in findings:
        shown = state.shown.get(found.code, found.severity)
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
