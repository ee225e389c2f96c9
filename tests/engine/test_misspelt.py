"""A type in `of:` that is misspelt is told by name; one that nobody has yet is not."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.model.desired import Reference
from reconciler.model.reading import Series, TypeKey
from reconciler.model.settings import LineSettings, Rest, Term
from reconciler.report.plan_view import misfits
from tests.engine import builders as make
from tests.engine.play import World

BY_TYPE = "devices-by-type"
TODAY = date(2026, 1, 5)


def counting(*terms: tuple[str, ...] | Rest, has: dict[str, int]) -> World:
    """A line of these terms, and what its organization has."""
    count = tuple(Term("datto-rmm", BY_TYPE, of) for of in terms)
    line = make.line(LineSettings(count=count), bms_service=Reference(name="Managed Workstation"))
    return World([make.desired_account(line)], {("Brass", BY_TYPE): series(has)})


def series(has: dict[str, int]) -> Series:
    return make.dimensioned({name: [quantity] * 4 for name, quantity in has.items()})


def told(world: World) -> list[tuple[str, str]]:
    found = misfits(world.plan(TODAY).plan.findings)
    return [(one.message, one.remedy) for one in found if one.code == "USG016"]


@pytest.mark.parametrize("rest", [(), (Rest(),)], ids=["uncounted", "with the rest"])
def test_a_type_like_one_in_use_is_told_with_what_was_meant(rest: tuple[Rest, ...]) -> None:
    world = counting(("Desktop", "Servr"), *rest, has={"Desktop": 4, "Server": 7})
    assert told(world) == [
        (
            "datto-rmm devices-by-type: no reading ever named the type `Servr`, and no service"
            " names `Server`, which is in use",
            "did you mean `Server`? If not, set `findings: {USG016: warning}`",
        )
    ]


@pytest.mark.parametrize(
    ("of", "has"),
    [
        (("Desktop", "Printer"), {"Desktop": 4, "Server": 7}),  # nobody has one yet
        (("Servr", "Server"), {"Server": 7}),  # what it is like is counted
        (("SIRIS 5",), {"SIRIS 4": 2}),  # the next model
        (("AP840",), {"SW840": 3}),  # another device
        (("Servr",), {"Server": 0}),  # nothing goes uncounted
    ],
)
def test_what_may_be_right_is_not_told(of: tuple[str, ...], has: dict[str, int]) -> None:
    assert told(counting(of, has=has)) == []


def test_a_type_that_some_service_names_is_not_what_was_meant() -> None:
    """Of another account, or of no line at all: who tells the two apart wrote neither by slip."""
    world = counting(("Servr",), has={"Server": 7})
    assert told(world)
    types = {TypeKey("datto-rmm", BY_TYPE, name) for name in ("Servr", "Server")}
    world.state = {"types": frozenset(types)}
    assert told(world) == []


def test_of_several_the_likest_is_meant() -> None:
    world = counting(("Workstatoin",), has={"Workstation": 3, "Workstations": 2})
    assert [remedy.split("?")[0] for _, remedy in told(world)] == ["did you mean `Workstation`"]


def test_a_type_that_another_organization_has_is_spelt_right() -> None:
    world = counting(("Servers",), has={"Server": 7})
    assert told(world)
    world.series["Cobalt", BY_TYPE] = series({"Servers": 3})
    assert told(world) == []
