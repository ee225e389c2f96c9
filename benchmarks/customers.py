"""The made-up MSP that the benchmark plans for: services, customers, and what each one uses.

Everything follows from the numbers of a customer and a service alone, so the same size gives the
same files and the same ledger on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

AS_OF: Final = date(2026, 11, 23)
FIRST_DAY: Final = date(2026, 10, 1)
LAST_DAY: Final = AS_OF - timedelta(days=1)
BILLING_STARTS: Final = date(2026, 11, 1)
CONTRACT_START: Final = date(2026, 1, 1)

_WORDS: Final = ("Amber", "Birch", "Cobalt", "Dune", "Ember", "Fjord", "Granite", "Harbor")
_TRADES: Final = ("Bakery", "Dental", "Freight", "Legal", "Optics", "Realty", "Textiles")

_METRICS: Final = (
    ("datto-rmm", "total-devices", ""),
    ("datto-rmm", "devices-by-type", "Desktop"),
    ("datto-rmm", "devices-by-type", "Laptop"),
    ("datto-rmm", "devices-by-type", "Server"),
    ("datto-edr", "total-devices", ""),
    ("datto-edr", "windows-devices", ""),
    ("datto-edr", "macos-devices", ""),
    ("datto-edr", "linux-devices", ""),
    ("datto-saas-protection", "total-billable-users", ""),
    ("datto-saas-defense", "total-billable-users", ""),
    ("datto-siris", "bcdr-devices", ""),
    ("datto-alto", "bcdr-agents", ""),
    ("datto-networking", "devices-by-model", "AP440"),
    ("datto-networking", "devices-by-model", "DNA500"),
    ("datto-networking", "licenses-by-type", "Switch"),
    ("datto-workplace", "total-server-licenses", ""),
    ("datto-workplace", "total-user-licenses", ""),
    ("datto-file-protection", "total-desktop-devices", ""),
    ("datto-file-protection", "total-server-devices", ""),
    ("datto-endpoint-backup-pc", "licenses-assigned", ""),
    ("graphus", "active-licenses", ""),
    ("graphus", "protected-inboxes", ""),
    ("passly", "assigned-seats", ""),
    ("rocketcyber", "agents", ""),
    ("rocketcyber", "firewalls", ""),
    ("rocketcyber", "mailboxes", ""),
    ("dark-web-id", "domains", ""),
    ("bullphish-id", "users", ""),
    ("spanning", "total-archive-licenses", ""),
    ("spanning", "total-spanning-licenses", ""),
    ("traverse", "access-point-devices", ""),
    ("traverse", "firewall-devices", ""),
    ("traverse", "router-devices", ""),
    ("traverse", "server-devices", ""),
    ("traverse", "switch-devices", ""),
    ("vsa", "total-devices", ""),
    ("vsa", "devices-with-webroot", ""),
    ("vsa", "devices-with-patch-management", ""),
    ("vulscan", "devices-scanned", ""),
    ("vulscan", "ip-addresses-scanned", ""),
    ("cyber-hawk", "active-directory-users", ""),
    ("network-detective-pro", "active-directory-users", ""),
)


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the catalogue, counting one metric (of one dimension)."""

    id: int
    name: str
    title: str
    """Its name in BMS."""
    product: str
    metric: str
    dimension: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Use:
    """One line: what is used, what BMS has of it, and the settings that differ."""

    service: Service
    quantity: int
    """On the first day."""
    grew_by: int = 0
    grew_on: date | None = None
    """The day from which the quantity is higher by ``grew_by``, up to and including today's."""
    written: bool = True
    """Does BMS have the growth already?"""
    settings: tuple[str, ...] = ()
    """YAML under the line, each of them without effect on the units but for ``included``."""
    included: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    number: int
    name: str
    uses: tuple[Use, ...]
    split: bool
    """Two contracts, and two organizations in the product of the first line?"""

    @property
    def contracts(self) -> tuple[tuple[int, str, tuple[Use, ...]], ...]:
        """Each contract's id, name and lines."""
        if not self.split:
            return ((10 * self.number, "Managed Services", self.uses),)
        half = len(self.uses) // 2
        return (
            (10 * self.number, "Managed Services", self.uses[:half]),
            (10 * self.number + 1, "Security Services", self.uses[half:]),
        )

    @property
    def products(self) -> list[str]:
        return sorted({use.service.product for use in self.uses})


def services() -> tuple[Service, ...]:
    """The catalogue."""
    found = []
    for number, (product, metric, dimension) in enumerate(_METRICS):
        name = "-".join(part for part in (product, metric, dimension.lower()) if part)
        price = Decimal(150 + number * 35) / 100
        title = name.replace("-", " ").title()
        found.append(Service(1000 + number, name, title, product, metric, dimension, price))
    return tuple(found)


def customers(accounts: int, lines: int) -> Iterator[Customer]:
    """So many customers with so many lines in all, spread evenly."""
    catalogue = services()
    line = 0
    for number in range(1, accounts + 1):
        count = lines * number // accounts - lines * (number - 1) // accounts
        if count > len(catalogue):
            raise ValueError(f"at most {len(catalogue)} lines fit one account, not {count}")
        uses = []
        for place in range(count):
            uses.append(_use(line, catalogue[(number * 5 + place) % len(catalogue)]))
            line += 1
        yield Customer(number, _name(number), tuple(uses), split=number % 5 == 0 and count > 1)


def changes(lines: int) -> int:
    """How many lines a plan must find to be changed."""
    return len(range(50, lines, 100))


def _use(line: int, service: Service) -> Use:
    """One line in a hundred grew yesterday; fourteen grew this month and were written then."""
    quantity = 3 + line * 7 % 40
    settings, included = _settings(line, quantity)
    if line % 100 == 50:
        return Use(service, quantity, 1 + line % 3, LAST_DAY, written=False)
    if line % 100 < 14:
        grown = BILLING_STARTS + timedelta(days=1 + line % 19)
        return Use(service, quantity, 1 + line % 4, grown)
    return Use(service, quantity, settings=settings, included=included)


def _settings(line: int, quantity: int) -> tuple[tuple[str, ...], int]:
    match line % 20:
        case 15:
            return (f"minimum: {quantity - 2}", "note: agreed in the 2026 renewal"), 0
        case 16:
            return ("included: 1",), 1
        case 17:
            return ("policy: month-end",), 0
        case 18:
            return (f"units: {{fixed: {quantity}, reason: agreed}}",), 0
        case _:
            return (), 0


def _name(number: int) -> str:
    word, trade = _WORDS[number % len(_WORDS)], _TRADES[number // 3 % len(_TRADES)]
    return f"{word} {trade} {number:05}"
