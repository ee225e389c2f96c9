"""What a source said: how much, of what, by whom, on which local day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity as a source gave it; an organization has an id, a name, or both."""

    product: str
    organization_id: str | None
    organization: str | None
    metric: str
    dimension: str
    """A type or model; empty where the metric has none."""
    day: date
    quantity: Decimal
    source: str
    names: tuple[str, ...] = ()
    """The things counted, where the source gives them."""


class Organization(NamedTuple):
    """A customer as a product knows it."""

    product: str
    key: str
    """The id where the source gives one, else the name."""
    name: str


class MetricKey(NamedTuple):
    """One metric of one organization."""

    product: str
    organization: str
    """The organization's key."""
    metric: str


class TypeKey(NamedTuple):
    """A type or model of one metric."""

    product: str
    metric: str
    name: str


Span = tuple[date, date, Decimal]
"""First day, last day (inclusive), quantity on each of them."""


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one metric of one organization, as runs of equal days."""

    covered: tuple[tuple[date, date], ...]
    """Runs of days (inclusive) with a complete answer; any other day is unknown, not 0."""
    spans: Mapping[str, tuple[Span, ...]]
    """By dimension (empty string where the metric has none); a covered day in no span counts 0."""

    @property
    def newest(self) -> date:
        """The newest day with a complete answer."""
        return self.covered[-1][1]


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """How the last pull of a source went."""

    source: str
    """Its label, such as ``file usage/*.csv``."""
    products: tuple[str, ...]
    newest: date | None
    """The newest day it has given, ever."""
    failed: str | None
    """Why its last pull failed, if it did."""
    max_age_days: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """All readings a plan needs."""

    series: Mapping[MetricKey, Series] = field(default_factory=dict)
    organizations: tuple[Organization, ...] = ()
    sources: tuple[SourceStatus, ...] = ()
    digest: str = ""
