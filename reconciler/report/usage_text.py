"""Readings and the state of their sources, as tables and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from rich.table import Table
from rich.text import Text

from reconciler.report.outside import plain
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from reconciler.model.reading import Reading, SourceStatus

Health: TypeAlias = Literal["fresh", "too old", "failed", "empty"]

_STYLES: Final[dict[Health, str]] = {
    "fresh": "green",
    "too old": "yellow",
    "failed": "bold red",
    "empty": "yellow",
}


def health(status: SourceStatus, today: date) -> Health:
    """Failed wins; a source is too old when its newest day is more than ``max_age_days`` back."""
    if status.failed is not None:
        return "failed"
    if status.newest is None:
        return "empty"
    return "too old" if (today - status.newest).days > status.max_age_days else "fresh"


def render_sources(sources: Sequence[SourceStatus], today: date, console: Console) -> None:
    """A line per source, and under it why it failed, in the source's own words."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Source", "State", "Newest day", "Products"):
        table.add_column(name, overflow="fold", no_wrap=name in ("State", "Newest day"))
    for status in sources:
        state = health(status, today)
        table.add_row(
            Text(plain(status.source)),
            Text(state, style=_STYLES[state]),
            status.newest.isoformat() if status.newest else "none",
            Text(plain(", ".join(status.products)) or "none yet"),
        )
        if status.failed is not None:
            table.add_row(Text(f"  {plain(status.failed)}", style="red"), "", "", "")
    console.print(table)
    bad = sum(health(status, today) != "fresh" for status in sources)
    fresh = f"{len(sources) - bad} of {counted(len(sources), 'source')} fresh"
    console.print(Text(fresh if sources else "no usage source is configured"))


def render_readings(readings: Sequence[Reading], console: Console) -> None:
    """A line per reading, in the order given."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Day", "Product", "Organization", "Metric"):
        table.add_column(name, overflow="fold", no_wrap=name == "Day")
    table.add_column("Quantity", justify="right", no_wrap=True)
    for reading in readings:
        table.add_row(
            reading.day.isoformat(),
            Text(plain(reading.product)),
            Text(plain(reading.organization or reading.organization_id or "")),
            Text(plain(_metric(reading))),
            f"{reading.quantity:,f}",
        )
    console.print(table)
    console.print(Text(counted(len(readings), "reading")))


def dumps_sources(sources: Sequence[SourceStatus], today: date) -> str:
    """A JSON array of the sources."""
    return _dumps([_source(status, today) for status in sources])


def dumps_readings(readings: Sequence[Reading]) -> str:
    """A JSON array of the readings; quantities as text, so that no digit is lost."""
    return _dumps([_reading(reading) for reading in readings])


def _metric(reading: Reading) -> str:
    return f"{reading.metric} {reading.dimension}".strip()


def _source(status: SourceStatus, today: date) -> dict[str, Any]:
    return {
        "source": status.source,
        "state": health(status, today),
        "newest": status.newest.isoformat() if status.newest else None,
        "products": list(status.products),
        "failed": status.failed,
        "max_age_days": status.max_age_days,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "day": reading.day.isoformat(),
        "product": reading.product,
        "organization_id": reading.organization_id,
        "organization": reading.organization,
        "metric": reading.metric,
        "dimension": reading.dimension,
        "quantity": f"{reading.quantity:f}",
        "source": reading.source,
        "names": list(reading.names),
    }


def _dumps(document: object) -> str:
    return json.dumps(document, indent=2, sort_keys=True) + "\n"
