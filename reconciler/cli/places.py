"""Where commands find the configuration, the ledger and plans."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.files import read_file
from reconciler.cli.output import note
from reconciler.model.days import FIRST, LAST, why_no_day
from reconciler.model.errors import LedgerError, PlanError

if TYPE_CHECKING:
    from reconciler.cli.options import Options
    from reconciler.ledger import Ledger
    from reconciler.ledger.branch import SharedLedger
    from reconciler.model.desired import DesiredState
    from reconciler.model.plan import Plan
    from reconciler.runs.surroundings import Surroundings


def DAY(text: str) -> date:  # noqa: N802  stands where click has its own types
    """An option's value as a day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        why = why_no_day(text)
        wrong = f"is not a day: {why}" if why else "is not a day such as 2026-11-23"
        raise click.BadParameter(f"{text!r} {wrong}") from None
    return _plausible(day, text)


def MONTH(text: str) -> date:  # noqa: N802
    """An option's value as the first day of a month."""
    if len(text) == len("2026-11"):
        with suppress(ValueError):
            return _plausible(date.fromisoformat(f"{text}-01"), text)
    raise click.BadParameter(f"{text!r} is not a month such as 2026-11")


def _plausible(day: date, text: str) -> date:
    if not FIRST <= day <= LAST:
        raise click.BadParameter(f"{text!r} is not between {FIRST} and {LAST}")
    return day


def surroundings(options: Options) -> Surroundings:
    """This process's environment, clock and network."""
    from reconciler.runs.surroundings import Surroundings

    return Surroundings(
        config=options.config, ledger=Path(options.ledger), env=os.environ, progress=note
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Do not look for cycles: what is made here is much, has none, and lives to the end."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def opened(
    options: Options, *, create: bool = True, offline: bool = False, known: bool = False
) -> Iterator[tuple[Surroundings, Ledger]]:
    """The surroundings and the tenant's ledger. A configuration with mistakes stops here.

    ``create`` false: for a command that only looks. ``known``: for one that adds to the ledger, and
    has nothing to say without one. A ledger that is kept on a branch is brought up
    to date first, and what the command adds is pushed at its end; not if it only looks or is
    ``offline``.
    """
    from reconciler.desired import load
    from reconciler.ledger import open_ledger

    state = load(options.config)
    around = replace(surroundings(options), state=state)
    if state.ledger is None:
        with open_ledger(
            options.ledger, tenant=state.tenant, create=create and not known
        ) as ledger:
            yield around, ledger
        return
    with shared(options, state, offline=offline or not create) as ledger:
        yield around, ledger


@contextmanager
def shared(options: Options, state: DesiredState, *, offline: bool) -> Iterator[SharedLedger]:
    """The ledger of a configuration that keeps it on a branch."""
    from reconciler.ledger.branch import Repository, open_shared

    assert state.ledger is not None
    repository = Repository(options.config, state.ledger.branch, state.ledger.remote)
    with open_shared(options.ledger, repository, tenant=state.tenant, offline=offline) as ledger:
        try:
            yield ledger
        except BaseException:
            if not offline:
                with suppress(LedgerError):  # the first failure is the one to tell
                    ledger.push()
            raise
        if not offline:
            ledger.push()


def read_plan(path: Path) -> Plan:
    """A saved plan; PlanError that names the file where it is none."""
    from reconciler.report import plan_json

    text = read_file(path)
    try:
        return plan_json.loads(text)
    except PlanError as error:
        error.where = error.where or str(path)
        raise
