"""Approved changes, as merged files in approvals/ name them."""

from __future__ import annotations

from pathlib import Path

from reconciler.desired.documents.approvals import ApprovalDoc
from reconciler.desired.files import read_approvals
from reconciler.model.approval import Approval
from reconciler.model.errors import ConfigError
from reconciler.model.place import Origin


def load_approvals(directory: Path) -> tuple[Approval, ...]:
    """Every approval of a configuration directory, in the order of its files.

    Raises ``ConfigError`` with all problems of these files.
    """
    sources = read_approvals(directory)
    problems = [problem for one in sources for problem in one.problems]
    if problems:
        raise ConfigError(problems)
    return tuple(
        _approval(doc, Origin(one.file, ("approvals", index)))
        for one in sources
        if one.doc is not None
        for index, doc in enumerate(one.doc.approvals)
    )


def _approval(doc: ApprovalDoc, origin: Origin) -> Approval:
    values = {name: getattr(doc, name) for name in ApprovalDoc.model_fields}
    return Approval(**values, origin=origin)
