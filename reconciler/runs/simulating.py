"""Past months again, from the ledger's readings, under another configuration; BMS is not called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.desired import load_counted
from reconciler.desired.files import why_none
from reconciler.engine.line_months import Span, month_after
from reconciler.engine.row_prices import row_prices
from reconciler.engine.simulate import SimulationInput, simulate
from reconciler.engine.simulated import Simulation
from reconciler.ledger import Ledger
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState
from reconciler.model.errors import ConfigError, LedgerError, ReconcilerError, WrongUsage
from reconciler.runs.account_names import check_accounts
from reconciler.runs.correcting import ALL
from reconciler.runs.inputs import open_days
from reconciler.runs.surroundings import Surroundings

LONGEST: Final = 120
"""Months; what is longer is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class SimulateOptions:
    """The first days of the first and the last month, and what to compare with."""

    first: date
    last: date
    against: Path | None = None
    """Another configuration directory; None: what was billed."""
    accounts: tuple[str, ...] = ()


def run_simulation(around: Surroundings, ledger: Ledger, options: SimulateOptions) -> Simulation:
    """Replay the months from readings and known units in the ledger.

    Raises WrongUsage for months that make no sense or an account that the configuration does not
    have, LedgerError where BMS was never read, and what is wrong with the other configuration.
    """
    state = around.desired()
    against = None if options.against is None else _other(options.against)
    return replay(around, ledger, state, against, options)


def _other(directory: Path) -> DesiredState:
    """The configuration to compare with; what is wrong with it is said of it, not of one's own."""
    why = why_none(directory)
    if why is not None:
        raise ReconcilerError(
            why,
            where="--against",
            remedy="name the folder of the other configuration, the one that has billing.yaml",
        )
    try:
        return load_counted(directory)
    except ConfigError as error:
        remedy = f"mend them and run `reconciler validate --config {directory}`"
        raise ConfigError(error.problems, remedy) from error


def replay(
    around: Surroundings,
    ledger: Ledger,
    state: DesiredState,
    against: DesiredState | None,
    options: SimulateOptions,
) -> Simulation:
    """The same for configurations that were loaded already."""
    check_accounts(state, options.accounts)
    as_of = around.today(state)
    span = Span(options.first, options.last, as_of)
    _check(span)
    seen = ledger.load_observation()
    if seen is None:
        raise LedgerError(
            "BMS was never read", where=ledger.where, remedy="run `reconciler plan` once"
        )
    # A period that begins in the last month may end years later; what counts is over today.
    last = as_of - timedelta(days=1)
    return simulate(
        SimulationInput(
            state=state,
            against=against,
            seen=seen,
            usage=ledger.load_usage(_first_reading(seen, span), last, state.sources),
            remembered=ledger.remember(),
            span=span,
            prices=row_prices(
                seen.rows, ledger.writes(ALL), ZoneInfo(state.time_zone), seen.invoices
            ),
            only=options.accounts,
        )
    )


def _first_reading(seen: Observation, span: Span) -> date:
    """Gaps are filled from readings before the span."""
    return min(open_days(seen, span.first), span.first)


def _check(span: Span) -> None:
    if span.last < span.first:
        raise WrongUsage(
            "--to is before --from", where="--to", remedy="name the earlier month first"
        )
    if month_after(span.first) > span.as_of:
        raise WrongUsage(
            f"{span.first:%Y-%m} is not over",
            where="--from",
            remedy="simulate past months; `reconciler plan` is for the present one",
        )
    if len(span.months) > LONGEST:
        raise WrongUsage(
            f"{len(span.months)} months are too many",
            where="--from",
            remedy=f"take up to {LONGEST}",
        )
