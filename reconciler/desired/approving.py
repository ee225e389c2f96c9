"""Add approvals to their month's file; comments and order of what is there stay."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from reconciler.desired.approvals import load_approvals
from reconciler.desired.files import label
from reconciler.desired.folders import APPROVALS
from reconciler.engine.approvals import is_approved
from reconciler.model.errors import ReconcilerError
from reconciler.model.plan import Change


class ApprovalError(ReconcilerError):
    """An approval cannot be written."""


@dataclass(frozen=True, slots=True)
class Written:
    """The file, and how many approvals it gained."""

    path: Path
    added: int


def approve(
    directory: Path,
    changes: Sequence[Change],
    month: date,
    reason: str,
    done: Mapping[str, int] | None = None,
) -> Written:
    """Write the changes, exact, into `approvals/<month>.yaml`; those approved already are skipped.

    ``done``: how often each change was written before, by its id; each time used an approval up.
    Merging the file approves them. Raises ConfigError when an approvals file has mistakes.
    """
    name = f"{APPROVALS}/{month:%Y-%m}.yaml"
    new = not_approved(directory, changes, done)
    if new:
        _write(directory / name, drafted(directory, name, new, lambda _: reason))
    return Written(directory / name, len(new))


def not_approved(
    directory: Path, changes: Sequence[Change], done: Mapping[str, int] | None = None
) -> list[Change]:
    """Those of the changes that no approval of the directory fits."""
    known = load_approvals(directory)
    return [change for change in changes if not is_approved(change, known, done or {})]


def drafted(
    directory: Path, name: str, changes: Sequence[Change], reason: Callable[[Change], str]
) -> str:
    """The directory's file ``name`` with an approval of each change at its end."""
    path = directory / name
    yaml = YAML()
    # A day that several entries share is written out in each: any of them may be taken out.
    yaml.representer.ignore_aliases = lambda _: True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = 100
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except OSError as error:
        raise _failed(path, error) from error
    document: dict[str, Any] = yaml.load(text) or {"version": 1}
    document.setdefault("approvals", [])
    document["approvals"].extend(_entry(change, reason(change)) for change in changes)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise _failed(path, error) from error


def _failed(path: Path, error: OSError) -> ApprovalError:
    return ApprovalError(
        f"the approvals cannot be written: {error.strerror or error}",
        where=label(path.parent.parent, path),
        remedy="check the path and its permissions",
    )


def _entry(change: Change, reason: str) -> dict[str, object]:
    ref = change.line
    return {
        "change": _quoted(change.id),
        "account": ref.account,
        "contract": ref.contract,
        "service": ref.service,
        "from_units": change.units_before,
        "to_units": change.units_after,
        "day": change.day,
        "monthly": _quoted(f"{change.money.monthly:f}"),
        **({"price": _quoted(f"{change.price:f}")} if change.kind == "price" else {}),
        "reason": reason,
    }


def _quoted(text: str) -> str:
    """Always in quotes, so that nobody's editor takes it for a number."""
    quoted: str = DoubleQuotedScalarString(text)
    return quoted
