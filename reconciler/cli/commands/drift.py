"""``reconciler drift``: what was changed in BMS by hand. Never writes to BMS."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

import click

from reconciler.cli.exits import Exit
from reconciler.cli.form import answer
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import DAY, opened
from reconciler.cli.reason import REASON
from reconciler.model.plan import Plan
from reconciler.report import drift_text
from reconciler.runs.accepting import accept
from reconciler.runs.accepting import accept_prices as take_over_prices
from reconciler.runs.asked import PlanOptions
from reconciler.runs.holder import person
from reconciler.runs.planning import plan

_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_MONEY: Final = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,4})?")
"""As much as a contract may come to, and then some."""


def _contract(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """As it is copied from a list, too."""
    if value is None:
        return None
    said = value.strip().removeprefix("#").strip()
    if not said:
        raise click.BadParameter("say which contract, by its number or its name")
    return said


def _units(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    out: dict[str, int] = {}
    for one in (one for value in values for one in _one_by_one(value)):
        name, _, units = (part.strip() for part in one.rpartition("="))
        if not name or not _WHOLE.fullmatch(units):
            raise click.BadParameter(f"{one!r} is not SERVICE=UNITS, such as managed-server=12")
        if name in out:
            raise click.BadParameter(f"{name!r} is named twice")
        out[name] = int(units)
    return out


def _one_by_one(value: str) -> list[str]:
    """A semicolon ends a pair only after its number: a service's name may have one."""
    return re.sub(r"(=\s*\d+)\s*(?:;\s*|$)", r"\1\n", value.strip()).splitlines()


def _amount(_ctx: click.Context, _param: click.Parameter, value: str | None) -> Decimal | None:
    if value is None:
        return None
    if not _MONEY.fullmatch(value.strip()):
        raise click.BadParameter(f"{value!r} is not an amount such as 1240.50")
    return Decimal(value)


@click.command("drift")
@click.option("--as-of", type=DAY, help="Look as on this day; default: today.")
@click.option(
    "--accept",
    "contract",
    callback=_contract,
    metavar="CONTRACT",
    help="Take over a contract as it is.",
)
@click.option(
    "--units",
    multiple=True,
    callback=_units,
    metavar="SERVICE=N",
    help="With --accept: the units a person reads in BMS; repeatable, or A=6; B=97.",
)
@click.option(
    "--others",
    callback=_amount,
    metavar="AMOUNT",
    help="With --accept: what lines that the configuration does not name come to in BMS.",
)
@click.option(
    "--accept-prices", is_flag=True, help="Take over every price that was changed in BMS by hand."
)
@click.option(
    "--reason", type=REASON, help="With --accept and --accept-prices: why, for the ledger."
)
@click.option("--who", default=person, help="With these: who takes it over; for the ledger.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 10 while changes wait.")
@common("text", "json", config=True, ledger=True)
def command(
    options: Options,
    as_of: date | None,
    contract: str | None,
    units: dict[str, int],
    others: Decimal | None,
    reason: str | None,
    who: str,
    *,
    accept_prices: bool,
    detailed_exitcode: bool,
) -> int:
    """Find what was changed in BMS by hand.

    Nothing is ever written to BMS. With --accept, the ledger takes over a contract as it is in BMS
    now; the units given must close its total. Where it has lines that the configuration does not
    name, they must leave those what was agreed before, unless something shows that they changed, or
    --others says what they come to.

    Exit code 3 when a contract has drifted, is in doubt, does not close its total, or cannot be
    compared, since its units are unknown or it was not found. Else 0, whatever else `reconciler
    plan` has for a person.
    """
    if contract is not None and accept_prices:
        raise click.UsageError("--accept and --accept-prices are two things; give one of them")
    told = bool(units) or others is not None
    if contract is None and (told or (reason is not None and not accept_prices)):
        raise click.UsageError("--units, --others and --reason go with --accept CONTRACT")
    if (contract is not None or accept_prices) and not reason:
        raise click.UsageError("--accept and --accept-prices need --reason, for the ledger")
    with opened(options, known=True) as (around, ledger):
        if contract is not None:
            taken = accept(around, ledger, contract, units, reason or "", who, others)
            return _say(options, drift_text.taken_over(contract, taken))
        if accept_prices:
            names = take_over_prices(around, ledger, reason or "", who)
            return _say(options, drift_text.prices_taken_over(names))
        made = plan(around, ledger, PlanOptions(as_of)).planned.plan
    if options.format == "json":
        write(drift_text.dumps(made))
    else:
        drift_text.render(made, terminal(options))
    return exit_of(made, detailed=detailed_exitcode)


def _say(options: Options, text: str) -> Exit:
    terminal(options).print(text)
    answer(text.splitlines())
    return Exit.DONE


def exit_of(plan: Plan, *, detailed: bool) -> Exit:
    """By what drift is about alone, so that one can be alerted by it."""
    if drift_text.leaves_open(plan):
        return Exit.PERSON
    return Exit.CHANGES if detailed and plan.totals.changes else Exit.DONE
