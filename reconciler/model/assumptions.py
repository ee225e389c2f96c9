"""What BMS does not document, as named assumptions. The engine and the client ask only these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

PartPeriod: TypeAlias = Literal["prorated", "full"]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """``line_update`` and ``negative_units`` have no default: without both nothing is written."""

    line_update: Literal["append", "upsert"] | None = None
    """Does posting a service add a row (post differences) or update the line (post totals)?"""
    negative_units: Literal["accepted", "refused"] | None = None
    """May a row have negative units?"""
    total_price: Literal["effective", "all"] = "effective"
    """Does a contract's total count rows in force today, or every row?"""
    future_line: Literal["accepted", "refused"] = "refused"
    zero_units: Literal["accepted", "refused"] = "accepted"
    back_dated: Literal["accepted", "refused"] = "accepted"
    day_count: Literal["actual", "fixed-30", "30-360"] = "actual"
    change_day: Literal["billed", "free"] = "billed"
    """Is the day of a change billed at the new units?"""
    part_period: PartPeriod = "prorated"
    """What a period that the contract's start or end cuts short begins with: is it billed for the
    days of it, or as a whole period, in which changes are prorated over the days it has?"""
    page_base: Literal[1, 0] = 1
    page_cap: int = 100
    name_filter: Literal["contains", "exact"] = "contains"
    sort_order: Literal["kept", "reset"] = "kept"
    date_zone: Literal["local", "utc"] = "local"
    mapping_post: Literal["replaces", "adds"] = "replaces"

    @property
    def unset(self) -> tuple[str, ...]:
        """The names without a value and without a default."""
        return tuple(n for n in ("line_update", "negative_units") if getattr(self, n) is None)
