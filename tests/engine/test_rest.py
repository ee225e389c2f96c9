from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.bind import bind
from reconciler.engine.organizations import Directory
from reconciler.engine.readings import readings
from reconciler.engine.rest import settle_rest
from reconciler.model.desired import DesiredAccount, DesiredLine, OrganizationRef, Reference
from reconciler.model.settings import DatedSettings, LineSettings, Rest, Term
from tests.engine import builders as make
from tests.engine.play import World, changes

AS_OF = date(2026, 1, 5)
BY_TYPE = "devices-by-type"
TYPES = ("Desktop", "Laptop", "Server", "Printer")


def of(*names: str, rest: bool = False, subtract: bool = False) -> Term:
    return Term("datto-rmm", BY_TYPE, Rest() if rest else names, subtract)


def a_line(name: str, *terms: Term, **more: Any) -> DesiredLine:
    found = make.line(LineSettings(count=terms), service=name, bms_service=Reference(name=name))
    return DesiredLine(found.service, found.bms_service, found.settings, found.origin, **more)


WORK, SERVE = "Managed Workstation", "Managed Server"


def world(*lines: DesiredLine, organizations: Sequence[str] = ("Brass",), **each: int) -> World:
    refs = tuple(OrganizationRef(name=name) for name in organizations)
    account = make.desired_account(*lines, organizations={"datto-rmm": refs})
    counted = make.dimensioned({name: [each.get(name, 0)] * 4 for name in TYPES})
    return World([account], {(name, BY_TYPE): counted for name in organizations})


def units(made: World) -> dict[str, int]:
    return {c.line.bms_service: c.units_after for c in made.plan(AS_OF).plan.changes}


def settled(made: World) -> dict[str, object]:
    """What each line's first term takes, after the contract's lines were looked at."""
    entry = made.entry(AS_OF)
    lines = bind(entry.state, entry.seen, (), AS_OF).lines
    settle_rest(lines, Directory.of(entry.state, entry.usage, AS_OF))
    return {line.ref.service: line.line.settings[0].settings.count[0].of for line in lines}


def test_the_rest_is_every_type_that_no_other_line_names() -> None:
    made = world(a_line(WORK, of("Desktop", "Laptop")), a_line(SERVE, of(rest=True)),
                 Desktop=5, Laptop=2, Server=3, Printer=4)  # fmt: skip
    assert units(made) == {WORK: 7, SERVE: 7}


def test_a_type_that_is_new_counts_in_the_rest_at_once() -> None:
    made = world(a_line(WORK, of("Desktop")), a_line(SERVE, of(rest=True)), Desktop=5, Server=1)
    made.series["Brass", BY_TYPE] = make.dimensioned(
        {"Desktop": [5] * 4, "Server": [1] * 4, "Toaster": [0, 0, 6, 6]}
    )
    assert made.plan(AS_OF).plan.changes[0].units_after == 1
    assert (str(date(2026, 1, 3)), 1, 7, "ready") in changes(made.plan(AS_OF))


def test_a_dimension_named_for_one_organization_is_rest_for_another() -> None:
    only = {"datto-rmm": (OrganizationRef(name="Brass"),)}
    made = world(
        a_line(WORK, of("Desktop"), organizations=only), a_line(SERVE, of(rest=True)),
        organizations=("Brass", "Warehouse"), Desktop=5, Server=1,
    )  # fmt: skip
    assert settled(made)[SERVE] == Rest((("Brass", ("Desktop",)),))
    assert units(made) == {WORK: 5, SERVE: 1 + 5 + 1}


def test_what_is_only_subtracted_is_not_named() -> None:
    other = a_line(WORK, Term("datto-rmm", BY_TYPE), of("Printer", subtract=True))
    made = world(other, a_line(SERVE, of(rest=True)), Desktop=5, Printer=4)
    assert units(made) == {WORK: 5, SERVE: 9}


def test_a_line_never_counts_what_it_names_itself_twice() -> None:
    made = world(a_line(WORK, of("Desktop"), of(rest=True)), Desktop=5, Laptop=2)
    assert units(made) == {WORK: 7}


def test_lines_of_another_metric_name_nothing_here() -> None:
    other = a_line(WORK, Term("datto-rmm", "other-metric", ("Desktop",)))
    made = world(other, a_line(SERVE, of(rest=True)), Desktop=5)
    made.series["Brass", "other-metric"] = make.dimensioned({"Desktop": [1] * 4})
    assert units(made) == {WORK: 1, SERVE: 5}


def test_dated_settings_count_the_same_rest() -> None:
    first = LineSettings(count=(of(rest=True),))
    later = LineSettings(count=(of(rest=True),), price=Decimal(9))
    line = make.line(
        first, DatedSettings(date(2026, 1, 3), later), bms_service=Reference(name=SERVE)
    )
    made = world(a_line(WORK, of("Desktop")), line, Desktop=5, Laptop=2)
    assert units(made) == {WORK: 5, SERVE: 2}


@given(
    st.lists(st.sampled_from(TYPES), unique=True),
    st.dictionaries(st.sampled_from(TYPES), st.integers(0, 9)),
)
def test_named_types_and_the_rest_are_the_whole(names: list[str], each: dict[str, int]) -> None:
    found = make.dimensioned({name: [each.get(name, 0)] * 3 for name in TYPES})
    whole, named, rest = (
        make.an_input(found),
        make.an_input(found, of=tuple(names)),
        make.an_input(found, but=tuple(names)),
    )

    def counted(entry: Any) -> Decimal:
        return next(iter(readings(entry))).quantity or Decimal(0)

    assert counted(named) + counted(rest) == counted(whole)


def test_an_account_without_rest_is_left_as_it_is() -> None:
    account: DesiredAccount = make.desired_account(a_line(WORK, of("Desktop")))
    made = World([account], {("Brass", BY_TYPE): make.dimensioned({"Desktop": [1] * 4})})
    assert settled(made) == {WORK: ("Desktop",)}


def test_a_line_that_bms_does_not_have_keeps_its_types_from_the_rest() -> None:
    gone = a_line("No Such Service", of("Desktop"))
    made = world(gone, a_line(SERVE, of(rest=True)), Desktop=5, Printer=4)
    assert units(made) == {SERVE: 4}
