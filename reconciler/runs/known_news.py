"""By what news is known again: by what it is about, not by its sentence, which moves."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.runs.batches import batches

if TYPE_CHECKING:
    from reconciler.model.finding import Finding

What: TypeAlias = tuple[str, str, str]
"""A code, and what it is about. Of an organization: its product, and its key there."""

_OF_ORGANIZATIONS: Final = "USG003"


def abouts(found: Finding) -> list[What]:
    """In the order of its organizations, where it names any."""
    subject = found.subject
    if found.code == _OF_ORGANIZATIONS:
        return [(found.code, subject.product or "", one.key) for one in found.organizations]
    # The total of a contract that was left behind may move: it is the same contract.
    if found.code == "KNW015":
        return [(found.code, "", f"{subject.contract} of {subject.account}")]
    # With the numbers that somebody acts on, so that others are told.
    return [(found.code, "", found.message)]


def details(known: Iterable[What]) -> Iterator[tuple[str, str]]:
    """(code, detail) as rows of the ledger have it: organizations together, some in each row."""
    by_product: dict[str, list[str]] = defaultdict(list)
    for code, product, what in known:
        if code == _OF_ORGANIZATIONS:
            by_product[product].append(what)
        else:
            yield code, what
    for product, keys in by_product.items():
        for some in batches(keys):
            yield _OF_ORGANIZATIONS, json.dumps({product: some}, ensure_ascii=False)


def whats(code: str, detail: str) -> Iterator[What]:
    """What such a row says was told; nothing of an old one that has a sentence."""
    if code != _OF_ORGANIZATIONS:
        yield code, "", detail
    elif detail.startswith("{"):
        for product, keys in json.loads(detail).items():
            yield from ((code, product, key) for key in keys)
