"""Expected failures.

    ReconcilerError                 exit 1
    ├── WrongUsage                  exit 2: the command line asks for what cannot be
    ├── ConfigError                 the YAML is wrong: every problem at once
    ├── SourceError                 usage could not be read, or a row is bad
    ├── LedgerError
    │   ├── LedgerLocked            another run holds the lease
    │   ├── LedgerMismatch          the ledger belongs to another tenant or format
    │   └── LeaseLost               our lease ended before the write
    ├── BmsError
    │   ├── BmsUnreachable          no connection; nothing was sent
    │   ├── BmsLoginFailed          wrong credentials
    │   ├── BmsRefused              BMS understood and said no
    │   ├── BmsThrottled            the hourly limit is used up
    │   ├── BmsAnswerLost           sent, and no usable answer came back
    │   └── BmsUnexpected           an answer we cannot read
    └── PlanError
        ├── PlanStale               exit 3: what was reviewed is not what would be written
        └── PlanForeign             a plan of another tenant or ledger

Anything else is a defect and keeps its traceback.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reconciler.model.finding import Problem


class ReconcilerError(Exception):
    """What happened, where, and what to do about it."""

    exit_code = 1

    def __init__(
        self, message: str, *, where: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    @property
    def details(self) -> tuple[str, ...]:
        """Every single mistake, where there may be several."""
        return ()


class WrongUsage(ReconcilerError):
    """The command line names what there is not, or asks for what cannot be. Nothing was written.

    A file that is missing or cannot be read is no wrong usage: it is a failure like any other.
    """

    exit_code = 2


class ConfigError(ReconcilerError):
    """The configuration has problems; all of them are listed."""

    def __init__(
        self, problems: Sequence[Problem], remedy: str = "mend them and run `reconciler validate`"
    ) -> None:
        count = len(problems)
        super().__init__(
            f"{count} problem{'s' if count != 1 else ''} in the configuration", remedy=remedy
        )
        self.problems = tuple(problems)

    @property
    def details(self) -> tuple[str, ...]:
        """Each problem with its place and remedy."""
        return tuple(map(str, self.problems))


class SourceError(ReconcilerError):
    """Usage could not be read; nothing of it was taken."""


class LedgerError(ReconcilerError):
    """The ledger could not be read or written."""


class LedgerLocked(LedgerError):
    """Another run holds the lease, or was always first."""

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        until: datetime | None = None,
    ) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.until = until
        """The end of the lease, if its holder is dead; None where it is not about one."""


class LedgerMismatch(LedgerError):
    """The ledger belongs to another tenant, or to another version of the format."""


class LeaseLost(LedgerError):
    """Our lease ended before the write; nothing was sent."""


class BmsError(ReconcilerError):
    """Talking to BMS failed."""


class BmsUnreachable(BmsError):
    """No connection could be made; nothing was sent."""


class BmsLoginFailed(BmsError):
    """BMS does not accept the credentials."""


class BmsRefused(BmsError):
    """BMS understood the call and said no."""

    def __init__(self, message: str, *, code: str | None = None, where: str | None = None) -> None:
        super().__init__(message, where=where)
        self.code = code


class BmsThrottled(BmsError):
    """The hourly limit of an endpoint is used up."""


class BmsAnswerLost(BmsError):
    """The call was sent and no usable answer came back: it may or may not have been carried out."""


class BmsUnexpected(BmsError):
    """BMS answered something this client cannot read."""


class PlanError(ReconcilerError):
    """A plan cannot be used."""


class PlanStale(PlanError):
    """What was reviewed is no longer what would be written."""

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        now: Sequence[str] = (),
    ) -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.now = tuple(now)

    @property
    def details(self) -> tuple[str, ...]:
        """What would be written now, and what stands in its way."""
        return self.now


class PlanForeign(PlanError):
    """The plan was made for another tenant or ledger."""
