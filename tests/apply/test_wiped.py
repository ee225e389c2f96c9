"""A machine that dies with its disk right after a call to BMS: the branch is all that is left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from reconciler.ledger.branch import open_shared
from reconciler.sandbox.transport import SandboxTransport
from tests.ledger.branch.copies import TENANT, Hub
from tests.runs.world import World, small_world

WANTED = {"endpoint": 12, "server": 3, "firewall": 1}
BEFORE = {"endpoint": 10, "server": 4, "firewall": 2}


class Died(BaseException):
    """The power went."""


class Mortal(httpx.BaseTransport):
    """Lets the machine die right after the n-th write was carried out."""

    def __init__(self, inner: httpx.BaseTransport, writes: int) -> None:
        self.inner = inner
        self.left = writes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if request.method == "POST" and request.url.path.endswith("/services"):
            self.left -= 1
            if self.left == 0:
                raise Died
        return response


@contextmanager
def a_shop(**options: object) -> Iterator[tuple[World, Hub]]:
    """Three lines with changes waiting, and a ledger on a branch."""
    with small_world(**options) as world:
        hub = Hub(world.folder)
        hub.make()
        for name, units in BEFORE.items():
            world.service(name)
            world.row(name, units)
        world.configure()
        fresh_machine(world, hub, "first")
        world.baseline()
        for name, units in WANTED.items():
            world.read(name, {date(2026, 11, n): BEFORE[name] for n in range(1, 10)})
            world.read(name, {date(2026, 11, n): units for n in range(10, 23)})
        yield world, hub


def fresh_machine(world: World, hub: Hub, name: str) -> None:
    """In place of the one there was, of which nothing is left."""
    world.ledger.close()
    copy = hub.clone(name)
    world.ledger = open_shared(copy.path, copy.repository, tenant=TENANT)


def wipe(world: World, hub: Hub, name: str) -> None:
    world.ledger.close()
    shutil.rmtree(hub.folder / name)


@pytest.mark.parametrize("line_update", ["append", "upsert"])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_after_any_write_a_fresh_clone_doubles_and_loses_nothing(
    line_update: str, write: int
) -> None:
    from reconciler.sandbox import Behaviour

    behaviour = Behaviour().changed({"line_update": line_update})
    with a_shop(behaviour=behaviour) as (world, hub):
        world.transport = Mortal(SandboxTransport(world.sandbox.app), write)
        with pytest.raises(Died):
            world.apply()
        wipe(world, hub, "first")
        world.transport = None
        world.sandbox.set_clock(world.sandbox.now() + timedelta(hours=2))
        fresh_machine(world, hub, "second")
        done = world.apply()
        assert done.stopped is None
        assert {name: world.units(name) for name in WANTED} == WANTED
        assert len(world.sandbox.tables().rows()) == (3 if line_update == "upsert" else 6)
        assert world.ledger.open_intents() == ()
        assert world.plan().verdict == "in-step"
        assert len(world.ledger.writes()) == 3


def test_what_the_branch_does_not_take_is_not_sent_to_bms() -> None:
    with a_shop() as (world, hub):
        lost: list[str] = []

        def lose(moment: str, _change: object) -> None:
            if moment == "starting" and not lost:
                lost.append(moment)
                hub.lose()

        done = world.apply(watch=lose)
        assert "git push failed" in (done.stopped or "")
        assert {entry.result for entry in done.applied} == {"not-reached"}
        assert {name: world.units(name) for name in WANTED} == BEFORE


def test_the_branch_alone_gives_the_whole_ledger_back(tmp_path: Path) -> None:
    with a_shop() as (world, hub):
        world.apply()
        before = world.ledger.remember(), world.ledger.writes(), world.ledger.history()
        wipe(world, hub, "first")
        fresh_machine(world, hub, "second")
        after = world.ledger.remember(), world.ledger.writes(), world.ledger.history()
        assert after == before
        assert world.ledger.check() == []
