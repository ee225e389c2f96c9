"""Files of usage, and a store that keeps what it is given."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from reconciler.usage import BadRows, FileUsage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reconciler.model.reading import Reading
    from reconciler.usage import RowProblem

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
HEADER = "product,organization_id,organization,metric,dimension,day,quantity,names"
GOOD = "datto-rmm,7,Brass,total-devices,,2026-11-20,12,"


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def collect(folder: Path, pattern: str = "*") -> Sequence[Reading]:
    return FileUsage(f"file {pattern}", pattern, folder).collect(TODAY)


def problems(folder: Path, pattern: str = "*") -> tuple[RowProblem, ...]:
    try:
        collect(folder, pattern)
    except BadRows as bad:
        return bad.problems
    return ()
