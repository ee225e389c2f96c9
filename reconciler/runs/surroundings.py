"""What a run needs from outside: places, environment, clock, and a way to BMS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from reconciler.bms.clock import Clock, SystemClock
from reconciler.desired import connection, load
from reconciler.git import GitError, Revisions
from reconciler.model.desired import DesiredState

if TYPE_CHECKING:
    import httpx

    from reconciler.bms.client import BmsClient


def _silent(_message: str) -> None:
    """Says nothing."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Replaceable in tests: the clock and the transport."""

    config: Path
    """The configuration directory."""
    ledger: Path
    env: Mapping[str, str] = field(repr=False)
    clock: Clock = field(default_factory=SystemClock)
    transport: httpx.BaseTransport | None = None
    progress: Callable[[str], None] = _silent
    state: DesiredState | None = None
    """The configuration, where it was loaded already."""
    kept_in: Path | None = None
    """Where it lies in its repository, if not where it is read from."""
    reached_by: Path | None = None
    """The configuration that says how BMS is reached, if not this one."""

    def desired(self) -> DesiredState:
        """The configuration; ConfigError with all its problems."""
        return load(self.config) if self.state is None else self.state

    def elsewhere(self, config: Path, state: DesiredState) -> Surroundings:
        """The same, with the configuration of another commit."""
        return replace(self, config=config, state=state, kept_in=self.repository)

    @property
    def repository(self) -> Path:
        """The configuration's folder in its git repository."""
        return self.kept_in or self.config

    @property
    def commit(self) -> str | None:
        """The one that is checked out: a job that waited for its turn has a newer one than the
        event that started it. None where there is no repository."""
        try:
            return Revisions(self.repository).commit("HEAD")
        except GitError:
            return None

    def client(self, state: DesiredState) -> BmsClient:
        """A client that has not logged in yet; ConfigError where a credential is not set."""
        # An offline run needs no HTTP, and is spared its import.
        from reconciler.bms.client import BmsClient

        return BmsClient(
            connection(self.reached_by or self.config, self.env),
            state.assumptions,
            time_zone=state.time_zone,
            transport=self.transport,
            clock=self.clock,
            progress=lambda waiting: self.progress(str(waiting)),
        )

    def today(self, state: DesiredState, moment: datetime | None = None) -> date:
        """The tenant's local day."""
        return (moment or self.clock.now()).astimezone(ZoneInfo(state.time_zone)).date()
