"""A small MSP: a sandbox BMS, a configuration directory, a ledger, readings, and one clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from reconciler.ledger import Ledger, open_ledger
from reconciler.ledger.opening import database_of
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import Plan
from reconciler.model.reading import Reading
from reconciler.runs.applying import ApplyOptions, ApplyRun, How, apply
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.planning import plan
from reconciler.runs.stage import SandboxClock
from reconciler.runs.surroundings import Surroundings
from reconciler.sandbox import Behaviour, Sandbox
from reconciler.sandbox.transport import SandboxTransport

TODAY = date(2026, 11, 23)
ENV = {"BMS_USERNAME": "api@example.test", "BMS_PASSWORD": "sandbox"}
HOME = "Managed Services"
PRODUCT, METRIC = "datto-edr", "total-devices"


@dataclass
class World:
    """One account with a monthly contract; `service` adds what it is billed for, and may name
    another contract."""

    folder: Path
    behaviour: Behaviour = field(default_factory=Behaviour)
    mode: str = "apply"
    billing_starts: date | None = date(2026, 11, 1)
    start: date = date(2026, 1, 1)
    policy: str = ""
    """YAML of one line's settings."""
    guards: str = "{percent: 1000, line: 1000000, account: 1000000, run: 1000000}"
    assume: Mapping[str, Any] = field(default_factory=dict)
    """In place of what the sandbox really does; None leaves an assumption unset."""
    note: bool = True
    """Is a note put on the lines?"""
    max_age: int = 3
    may_fall_to_zero: bool = True
    """Is the guard of lines that fall to 0 waived?"""
    sandbox: Sandbox = field(init=False)
    ledger: Ledger = field(init=False)
    services: dict[str, int] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """The contract of each service."""
    transport: httpx.BaseTransport | None = None
    on_disk: bool = False
    """Is BMS kept in the folder too, so that the world can be copied?"""

    def __post_init__(self) -> None:
        kept = self.folder / "bms.db" if self.on_disk else ":memory:"
        self.sandbox = Sandbox.create(kept, behaviour=self.behaviour, now=TODAY)
        self.account = self.sandbox.add_account("Brass Building Supplies")
        self.contracts: dict[str, int] = {}
        self.contract = self._contract(HOME)
        (self.folder / "ledger.db").write_bytes(_blank_ledger())
        self.ledger = open_ledger(self.folder / "ledger.db", tenant="Example MSP")
        self.config = self.folder / "billing-config"
        for name in ("accounts", "services"):
            (self.config / name).mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        self.ledger.close()
        self.sandbox.close()

    def copied(self, folder: Path) -> World:
        """Another that goes on from here by itself; this one is on disk, and closed."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        other = deepcopy(self, {id(self.sandbox): None, id(self.ledger): None})
        other.folder, other.config = folder, folder / self.config.name
        other.sandbox = Sandbox.open(folder / "bms.db")
        other.ledger = open_ledger(folder / "ledger.db", tenant=None)
        return other

    # BMS

    def _contract(self, name: str) -> int:
        self.contracts[name] = self.sandbox.add_contract(
            self.account, name, self.start, date(2027, 12, 31)
        )
        return self.contracts[name]

    def service(self, name: str, price: str = "10.00", contract: str = HOME) -> int:
        """A service of the catalogue that counts devices of an organization of the same name."""
        if contract not in self.contracts:
            self._contract(contract)
        self.homes[name] = contract
        self.services[name] = self.sandbox.add_service(name, price)
        return self.services[name]

    def home(self, service: str) -> int:
        """The id of the service's contract."""
        return self.contracts[self.homes[service]]

    def row(self, service: str, units: int, day: date | None = None) -> int:
        """A row that a person made before us."""
        return self.sandbox.add_line(
            self.home(service), self.services[service], units, day or self.start
        )

    def units(self, service: str) -> int:
        """What the sandbox's own tables say the line has."""
        return self.sandbox.tables().units(self.home(service), self.services[service])

    # Configuration

    def configure(self, **lines: str) -> None:
        """Write the YAML; ``lines`` gives extra settings per service, as flow YAML."""
        assume = {
            "line_update": self.behaviour.line_update,
            "negative_units": self.behaviour.negative_units,
            "total_price": self.behaviour.total_price,
            "future_line": self.behaviour.future_line,
            "zero_units": self.behaviour.zero_units,
            "back_dated": self.behaviour.back_dated,
            "day_count": self.behaviour.day_count,
            "change_day": self.behaviour.change_day,
            "part_period": self.behaviour.part_period,
            "page_base": self.behaviour.page_base,
            "page_cap": self.behaviour.page_cap,
            "name_filter": self.behaviour.name_filter,
            "sort_order": self.behaviour.sort_order,
            "date_zone": self.behaviour.date_zone,
            "mapping_post": self.behaviour.mapping_post,
            **self.assume,
        }
        assumed = "".join(f"    {k}: {v}\n" for k, v in assume.items() if v is not None)
        starts = f"billing_starts: {self.billing_starts}\n" if self.billing_starts else ""
        self._write(
            "billing.yaml",
            "version: 1\ntenant: Example MSP\ncurrency: USD\ntime_zone: America/New_York\n"
            f"{starts}mode: {self.mode}\nguards: {self.guards}\n"
            f"usage:\n  - {{source: file, path: 'usage/*.csv', max_age: {self.max_age}d}}\n"
            "bms:\n  url: http://127.0.0.1:8480\n  company: Example MSP\n"
            "  username: ${BMS_USERNAME}\n  password: ${BMS_PASSWORD}\n"
            f"{'' if self.note else '  line_note: null' + chr(10)}"
            f"  assume:\n{assumed}",
        )
        services = "".join(
            f"  {name}:\n    bms_service: {{id: {id_}}}\n    count: {{metric: {METRIC}}}\n"
            for name, id_ in self.services.items()
        )
        self._write(
            f"services/{PRODUCT}.yaml", f"version: 1\nproduct: {PRODUCT}\nservices:\n{services}"
        )
        contracts = "".join(
            f"  - contract: {contract}\n{self._billing()}    services:\n"
            + "".join(
                f"      {name}: {{organizations: {{{PRODUCT}: {name}}}"
                f"{_more(lines.get(name, self.policy))}}}\n"
                for name in self.services
                if self.homes[name] == contract
            )
            for contract in self.contracts
            if contract in self.homes.values()
        )
        organizations = ", ".join(self.services)
        self._write(
            "accounts/brass.yaml",
            "version: 1\naccount: Brass Building Supplies\n"
            f"{self._waivers()}"
            f"organizations:\n  {PRODUCT}: [{organizations}]\ncontracts:\n{contracts}",
        )

    def _billing(self) -> str:
        """YAML of how contracts are billed, where that is not the default."""
        return ""

    def _waivers(self) -> str:
        if not self.may_fall_to_zero:
            return ""
        return "waivers:\n  - {code: GRD006, reason: a story, until: 2030-12-31}\n"

    def _write(self, name: str, text: str) -> None:
        (self.config / name).write_text(text, encoding="utf-8")

    # Usage and known units

    def read(
        self, service: str, quantities: Mapping[date, int] | Iterable[tuple[date, int]]
    ) -> None:
        """Readings of the organization that the service counts."""
        self.ledger.record_pull(
            "file usage/*.csv",
            [
                Reading(PRODUCT, None, service, METRIC, "", day, Decimal(quantity), "test")
                for day, quantity in dict(quantities).items()
            ],
            self.sandbox.now(),
        )

    def steady(self, service: str, units: int, first: date = date(2026, 11, 1)) -> None:
        """The same reading every day up to yesterday."""
        last = self.sandbox.today() - timedelta(days=1)
        self.read(service, {first + timedelta(n): units for n in range((last - first).days + 1)})

    def baseline(self) -> None:
        """Learn the units of every row as a person would read them on the screens."""
        told = {fact.row_id for fact in self.ledger.remember().facts}
        effect = "set" if self.behaviour.line_update == "upsert" else "add"
        self.ledger.append_facts(
            [
                KnownFact(
                    line=LineKey(self.account, row.contract_id, row.service_id),
                    row_id=row.row_id,
                    day=row.date,
                    effect=effect,  # type: ignore[arg-type]
                    units=row.units,
                    source="baseline",
                )
                for row in self.sandbox.tables().rows()
                if row.row_id not in told
            ]
        )

    # Runs

    @property
    def around(self) -> Surroundings:
        return Surroundings(
            config=self.config,
            ledger=self.folder / "ledger.db",
            env=ENV,
            clock=SandboxClock(self.sandbox),
            transport=self.transport or SandboxTransport(self.sandbox.app),
        )

    def run_plan(self, **options: Any) -> PlanRun:
        return plan(self.around, self.ledger, PlanOptions(**options))

    def plan(self, **options: Any) -> Plan:
        return self.run_plan(**options).planned.plan

    def apply(self, how: How = "terminal", **options: Any) -> ApplyRun:
        done = apply(self.around, self.ledger, ApplyOptions("a test", how), **options)
        assert done is not None
        return done


@cache
def _blank_ledger() -> bytes:
    """A ledger's tables, and not a row in them: making them costs more than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        database_of(path, create=True).close()
        return path.read_bytes()


def _more(settings: str) -> str:
    return f", {settings}" if settings else ""


@contextmanager
def small_world(**options: Any) -> Iterator[World]:
    """A world in a folder of its own, for tests that make many."""
    with TemporaryDirectory() as folder:
        world = World(Path(folder), **options)
        try:
            yield world
        finally:
            world.close()
