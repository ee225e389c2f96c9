"""An invoice that BMS sets to void opens its period again, however long the ledger knows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from reconciler.model.bms import Invoice, Observation
from reconciler.runs.actual import LONGEST, MADE_BEFORE, looked_at_again
from reconciler.sandbox.transport import SandboxTransport
from tests.engine import builders as make
from tests.runs.world import World

D = date
NOVEMBER = (D(2026, 11, 1), D(2026, 11, 30))
FAR = D(2027, 12, 31)


class Voiding(httpx.BaseTransport):
    """What a person does on BMS's screens: these invoices are void."""

    def __init__(self, world: World, *void: int) -> None:
        self._inner, self._void = SandboxTransport(world.sandbox.app), void

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if not request.url.path.endswith("/invoices/summary"):
            return answer
        body = json.loads(answer.read())
        for invoice in body["result"]:
            invoice["statusName"] = "Void" if invoice["id"] in self._void else "Paid"
        return httpx.Response(200, json=body)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, policy="increase: period-start, late: next-period")
    made.service("alpha")
    made.row("alpha", 10)
    made.configure()
    made.baseline()
    made.read("alpha", {D(2026, 11, n): 10 if n < 11 else 12 for n in range(1, 23)})
    yield made
    made.close()


def days(world: World) -> list[tuple[date, str]]:
    return [(change.day, change.standing) for change in world.plan().changes]


@pytest.mark.parametrize("later", [0, 6])
def test_a_void_invoice_opens_its_period_again(world: World, later: int) -> None:
    number = world.sandbox.add_invoice(world.contract, *NOVEMBER)
    assert days(world) == [(D(2026, 12, 1), "scheduled")]
    world.sandbox.advance(timedelta(days=later))
    world.read("alpha", {D(2026, 11, n): 12 for n in range(23, 23 + later)})
    world.transport = Voiding(world, number)
    assert days(world) == [(D(2026, 11, 1), "ready")]


def test_the_invoice_made_in_its_place_closes_it_again(world: World) -> None:
    number = world.sandbox.add_invoice(world.contract, *NOVEMBER)
    world.plan()
    world.sandbox.add_invoice(world.contract, *NOVEMBER)
    world.transport = Voiding(world, number)
    assert days(world) == [(D(2026, 12, 1), "scheduled")]


def observed(*periods: tuple[int, date, date], end: date = FAR) -> Observation:
    contracts = tuple(make.a_contract(id=number, end=end) for number in (1, 2))
    invoices = tuple(Invoice(n, *period) for n, period in enumerate(periods))
    return Observation(contracts=contracts, invoices=invoices, day=D(2026, 11, 23))


def test_invoices_are_looked_at_again_from_before_the_oldest_period_that_closes() -> None:
    october, september = D(2026, 10, 1), D(2026, 9, 1)
    seen = observed((1, september, D(2026, 9, 30)), (1, october, D(2026, 10, 31)), (2, *NOVEMBER))
    assert looked_at_again(seen) == october - MADE_BEFORE


def test_neither_ended_contracts_nor_very_old_invoices_make_the_list_long() -> None:
    old = (1, D(2019, 1, 1), D(2019, 1, 31))
    assert looked_at_again(observed(old, end=D(2026, 1, 31))) is None
    assert looked_at_again(observed(old)) == D(2026, 11, 23) - LONGEST
    assert looked_at_again(observed()) is None
