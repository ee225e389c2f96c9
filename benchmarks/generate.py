"""Write a configuration and a ledger of a given size: ``python -m benchmarks.generate``.

The ledger is left as an online plan would leave it: readings of two months, BMS's answer, units
known of every line, contracts' totals agreed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.customers import (
    AS_OF,
    BILLING_STARTS,
    CONTRACT_START,
    FIRST_DAY,
    LAST_DAY,
    Customer,
    Service,
    Use,
    customers,
    services,
)
from reconciler.ledger import Ledger, open_ledger
from reconciler.model.bms import (
    Account,
    CatalogueService,
    Contract,
    Invoice,
    LineKey,
    Observation,
    Row,
)
from reconciler.model.ledgered import KnownFact, KnownSource
from reconciler.model.reading import Reading
from reconciler.runs.asked import PlanOptions
from reconciler.runs.learning import remember
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings

TENANT: Final = "Example MSP"
SOURCE: Final = "file usage/*.csv"
READ_AT: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS_PER_PULL: Final = 200_000

_BILLING: Final = f"""\
version: 1
tenant: {TENANT}
currency: USD
time_zone: America/New_York
billing_starts: {BILLING_STARTS}
mode: apply
billing: {{periods: calendar, invoice: start}}
bms:
  url: http://127.0.0.1:8480
  company: {TENANT}
  username: ${{BMS_USERNAME}}
  password: ${{BMS_PASSWORD}}
  assume: {{line_update: append, negative_units: accepted}}
usage:
  - {{source: file, path: usage/*.csv, max_age: 2d}}
guards: {{percent: 200, line: 100000, account: 1000000, run: 100000000}}
exclude:
  - {{organization: NFR Lab, reason: our own test tenant}}
"""


def generate(folder: Path, accounts: int, lines: int) -> None:
    """Write ``billing-config`` and ``ledger.db`` into an empty or missing folder."""
    config = folder / "billing-config"
    for name in ("accounts", "services"):
        (config / name).mkdir(parents=True)
    _write(config / "billing.yaml", _BILLING)
    for product in sorted({service.product for service in services()}):
        _write(config / "services" / f"{product}.yaml", _services_yaml(product))
    found = list(customers(accounts, lines))
    for customer in found:
        _write(config / "accounts" / f"customer-{customer.number:05}.yaml", _yaml(customer))
    with open_ledger(folder / "ledger.db", tenant=TENANT) as ledger:
        _record_usage(ledger, found)
        ledger.append_facts([fact for customer in found for fact in _facts(customer)])
        seen = _observation(found)
        ledger.save_observation(seen)
        _agree(folder, ledger)


def _agree(folder: Path, ledger: Ledger) -> None:
    """Let a first plan prove every contract from all of its rows, and keep each line's rules."""
    around = Surroundings(folder / "billing-config", folder / "ledger.db", env={})
    run = plan(around, ledger, PlanOptions(as_of=AS_OF, offline=True))
    learned = run.planned.examined.learned
    remember(ledger, learned, run.remembered)
    ledger.append_rules(learned.rules)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _services_yaml(product: str) -> str:
    parts = [f"version: 1\nproduct: {product}\nservices:\n"]
    for service in services():
        if service.product == product:
            of = f", of: [{service.dimension}]" if service.dimension else ""
            parts.append(
                f"  {service.name}:\n"
                f"    bms_service: {{id: {service.id}, name: {service.title}}}\n"
                f"    count: {{metric: {service.metric}{of}}}\n"
            )
    return "".join(parts)


def _yaml(customer: Customer) -> str:
    parts = [
        "# yaml-language-server: $schema=../../schemas/account.schema.json\n"
        "version: 1\n"
        f"account: {{id: {customer.number}, name: {customer.name}}}\n"
        "organizations:\n"
    ]
    for product in customer.products:
        names = ", ".join(_organizations(customer, product))
        parts.append(f"  {product}: {f'[{names}]' if ',' in names else names}\n")
    parts.append("contracts:\n")
    for _, name, uses in customer.contracts:
        parts.append(f"  - contract: {name}\n    services:\n")
        for use in uses:
            parts.append(f"      {use.service.name}:{'' if use.settings else ' {}'}\n")
            parts.extend(f"        {setting}\n" for setting in use.settings)
    return "".join(parts)


def _organizations(customer: Customer, product: str) -> list[str]:
    if customer.split and product == customer.uses[0].service.product:
        return [customer.name, f"{customer.name} West"]
    return [customer.name]


def _record_usage(ledger: Ledger, found: Sequence[Customer]) -> None:
    """In pulls of many customers and all days each."""
    batch: list[Reading] = []
    for customer in found:
        batch.extend(_readings(customer))
        if len(batch) >= ROWS_PER_PULL:
            ledger.record_pull(SOURCE, batch, READ_AT)
            batch = []
    ledger.record_pull(SOURCE, batch, READ_AT)


def _readings(customer: Customer) -> Iterator[Reading]:
    for use in customer.uses:
        service = use.service
        names = _organizations(customer, service.product)
        for day in _days():
            parts = [_quantity(use, day)]
            if len(names) > 1:
                parts = [parts[0] - 1, 1]
            for name, quantity in zip(names, parts, strict=True):
                yield Reading(
                    service.product,
                    None,
                    name,
                    service.metric,
                    service.dimension,
                    day,
                    Decimal(quantity),
                    "usage/benchmark.csv",
                )


def _days() -> Iterator[date]:
    day = FIRST_DAY
    while day <= LAST_DAY:
        yield day
        day += timedelta(days=1)


def _quantity(use: Use, day: date) -> int:
    grown = use.grew_on is not None and day >= use.grew_on
    return use.quantity + (use.grew_by if grown else 0)


def _observation(found: Sequence[Customer]) -> Observation:
    rows = [row for customer in found for row in _rows(customer)]
    contracts = [contract for customer in found for contract in _contracts(customer)]
    return Observation(
        accounts=tuple(Account(one.number, one.name, currency="USD") for one in found),
        contracts=tuple(contracts),
        services=tuple(CatalogueService(one.id, one.title, one.price) for one in services()),
        rows=tuple(rows),
        invoices=tuple(
            Invoice(2 * contract.id + month, contract.id, first, last)
            for contract in contracts
            for month, first, last in (
                (0, FIRST_DAY, BILLING_STARTS - timedelta(days=1)),
                (1, BILLING_STARTS, date(2026, 11, 30)),
            )
        ),
        searched=frozenset(one.id for one in services()),
        wide=frozenset(contract.id for contract in contracts),
        read_at=READ_AT,
        day=AS_OF,
    )


def _contracts(customer: Customer) -> Iterator[Contract]:
    for id_, name, uses in customer.contracts:
        billed = sum((use.service.price * _billed(use) for use in uses), Decimal(0))
        yield Contract(
            id_,
            customer.number,
            name,
            "Recurring Services",
            "Active",
            "Monthly",
            CONTRACT_START,
            date(2028, 12, 31),
            billed,
        )


def _billed(use: Use) -> int:
    grown = use.grew_by if use.written else 0
    return use.quantity - use.included + grown


def _rows(customer: Customer) -> Iterator[Row]:
    for contract, _, uses in customer.contracts:
        for use in uses:
            for id_, day, _ in _parts(contract, use):
                yield _row(id_, contract, customer.number, use.service, day)


def _parts(contract: int, use: Use) -> Iterator[tuple[int, date, int]]:
    """Each row of a line: its id, day and own units."""
    id_ = contract * 10_000 + use.service.id * 2
    yield id_, CONTRACT_START, use.quantity - use.included
    if use.grew_on is not None and use.written:
        yield id_ + 1, use.grew_on, use.grew_by


def _row(id_: int, contract: int, account: int, service: Service, day: date) -> Row:
    about = f"{service.title} for all sites"
    return Row(
        id_, contract, account, service.id, service.title, about, day, service.price, Decimal(0)
    )


def _facts(customer: Customer) -> Iterator[KnownFact]:
    for contract, _, uses in customer.contracts:
        for use in uses:
            key = LineKey(customer.number, contract, use.service.id)
            for id_, day, units in _parts(contract, use):
                source: KnownSource = "baseline" if day == CONTRACT_START else "reply"
                yield KnownFact(key, id_, day, "add", units, source, recorded_at=READ_AT)


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("accounts", type=int)
    parser.add_argument("lines", type=int)
    given = parser.parse_args()
    generate(given.folder, given.accounts, given.lines)


if __name__ == "__main__":
    main()
