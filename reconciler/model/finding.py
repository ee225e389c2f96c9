"""One thing a person should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from decimal import Decimal

    from reconciler.model.place import Origin, Position

Severity: TypeAlias = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a finding is about; as much of it as applies."""

    account: str | None = None
    contract: str | None = None
    service: str | None = None
    product: str | None = None
    organization: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An organization of a product, with the name that its source gives it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A code with its severity, the sentence, what it is about and what to do."""

    code: str
    severity: Severity
    message: str
    remedy: str
    subject: Subject = Subject()
    origin: Origin | None = None
    money: Decimal | None = None
    """Per month, where it is known."""
    blocks: bool = False
    """True when a person must act before the lines concerned can be written."""
    waived: str | None = None
    """Why the account's file accepts it, and up to when; then it is not shown to people."""
    organizations: tuple[Named, ...] = ()
    """All that it is about, of its subject's product; the message names but the first few."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a file, with its place and remedy."""

    code: str
    message: str
    remedy: str
    position: Position
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.position}: {self.code} {self.message}; {self.remedy}"
