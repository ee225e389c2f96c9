from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.engine.guards import Limits, Verdicts, _percent, expired, guard
from reconciler.model.desired import Guards, Waiver
from reconciler.model.finding import Subject
from reconciler.model.plan import Change, LineRef, Money
from tests.engine import builders as make
from tests.engine.builders import ORIGIN

AS_OF = date(2026, 3, 10)
WIDE: dict[str, Any] = {"line": None, "account": None, "run": None}


def change(
    name: str, before: int, after: int, *, money: int | None = None, account: int = 1, **more: Any
) -> Change:
    service = more.pop("service", 100)
    line = LineRef(account, f"Account {account}", 10, "MSA", service, "Workstation", "workstation")
    monthly = Decimal((after - before) * 20 if money is None else money)
    given: dict[str, Any] = {
        "id": name,
        "kind": "units",
        "line": line,
        "day": AS_OF,
        "units_before": before,
        "units_after": after,
        "posts": after - before,
        "price": Decimal(20),
        "price_before": Decimal(20),
        "price_from": "line",
        "money": Money(monthly, Decimal(0), 0, 0),
        "cause": "usage",
        "mode": "apply",
        "standing": "ready",
    }
    return Change(**{**given, **more})


def limits(guards: Guards, *waivers: Waiver, approved: tuple[str, ...] = ()) -> Limits:
    return Limits(guards, {1: waivers}, frozenset(approved), AS_OF, "USD")


def waiver(code: str, until: date = AS_OF, service: str | None = None) -> Waiver:
    return Waiver(code, "migration", until, ORIGIN, service)


def held(verdicts: Verdicts) -> dict[str, tuple[str, ...]]:
    return dict(verdicts.holds)


@pytest.mark.parametrize(
    ("before", "after", "stops"),
    [
        (10, 13, False),  # 30 %, and within the floor
        (10, 14, True),
        (100, 130, False),
        (100, 131, True),
        (100, 69, True),
        (5, 8, False),  # 60 %, but three units
        (0, 50, False),  # nothing to take a percentage of
    ],
)
def test_the_percent_guard_has_a_floor_in_units(before: int, after: int, stops: bool) -> None:
    found = guard([change("a", before, after)], limits(Guards(**WIDE)))
    assert held(found) == ({"a": ("GRD001",)} if stops else {})


def test_steps_of_one_line_are_measured_from_the_first_to_the_last() -> None:
    steps = [change("a", 10, 13), change("b", 13, 16)]
    assert held(guard(steps, limits(Guards(**WIDE)))) == {"a": ("GRD001",), "b": ("GRD001",)}


def test_the_line_guard_holds_only_its_line() -> None:
    guards = Guards(Decimal(999), line=Decimal(100), account=None, run=None)
    found = guard([change("a", 100, 106), change("b", 100, 101, service=101)], limits(guards))
    assert held(found) == {"a": ("GRD002",)}


def test_the_account_guard_holds_only_its_account_and_lets_ups_and_downs_not_cancel() -> None:
    guards = Guards(Decimal(999), line=None, account=Decimal(100), run=None)
    mine = [change("a", 100, 103), change("b", 100, 97, service=101)]
    found = guard([*mine, change("c", 100, 101, account=2)], limits(guards))
    assert held(found) == {"a": ("GRD003",), "b": ("GRD003",)}


def test_what_a_narrower_guard_holds_does_not_count_for_a_wider_one() -> None:
    guards = Guards(Decimal(999), line=Decimal(100), account=Decimal(100), run=Decimal(100))
    found = guard([change("a", 0, 50), change("b", 0, 4, service=101)], limits(guards))
    assert held(found) == {"a": ("GRD002",)}


def test_the_run_guard_holds_all_that_is_left() -> None:
    guards = Guards(Decimal(999), line=None, account=None, run=Decimal(100))
    changes = [change("a", 100, 103), change("b", 100, 103, account=2)]
    assert held(guard(changes, limits(guards))) == {"a": ("GRD004",), "b": ("GRD004",)}


def test_a_price_counts_by_its_money() -> None:
    guards = Guards(line=Decimal(100), account=None, run=None)
    rise = change("a", 10, 10, money=101, kind="price")
    assert held(guard([rise], limits(guards))) == {"a": ("GRD002",)}


def test_what_a_person_approved_is_not_held_and_not_counted() -> None:
    guards = Guards(Decimal(999), line=Decimal(100), account=Decimal(100), run=None)
    changes = [change("a", 0, 50), change("b", 0, 4, service=101)]
    assert held(guard(changes, limits(guards, approved=("a",)))) == {}


@pytest.mark.parametrize(
    ("given", "stops"),
    [
        (waiver("GRD001"), False),
        (waiver("GRD001", service="workstation"), False),
        (waiver("GRD001", service="server"), True),
        (waiver("GRD002"), True),
        (waiver("GRD001", until=date(2026, 3, 9)), True),
    ],
)
def test_a_waiver_covers_its_code_and_service_up_to_its_last_day(
    given: Waiver, stops: bool
) -> None:
    found = guard([change("a", 10, 20)], limits(Guards(**WIDE), given))
    assert bool(found.holds) is stops


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_waiver_of_one_service_never_opens_the_account_guard(order: str) -> None:
    refs = {"a": (100, "workstation"), "b": (101, "server")}
    changes = []
    for name in order:
        number, ours = refs[name]
        made = change(name, 100, 101, money=90, service=number)
        changes.append(replace(made, line=replace(made.line, service=ours)))
    guards = Guards(Decimal(999), line=None, account=Decimal(100), run=None)
    one = limits(guards, waiver("GRD003", service="workstation"))
    assert held(guard(changes, one)) == {"a": ("GRD003",), "b": ("GRD003",)}
    assert held(guard(changes, limits(guards, waiver("GRD003")))) == {}


def test_another_accounts_waiver_covers_nothing() -> None:
    found = guard([change("a", 10, 20, account=2)], limits(Guards(**WIDE), waiver("GRD001")))
    assert held(found) == {"a": ("GRD001",)}


def test_a_waiver_past_its_end_is_reported() -> None:
    some = (waiver("GRD001"), waiver("GRD002", date(2026, 3, 9)))
    (found,) = expired("Brass", some, date(2026, 3, 10))
    assert (found.code, found.subject.account) == ("GRD005", "Brass")
    assert "GRD002" in found.message


CHANGES = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 3), st.integers(100, 102)),
    max_size=8,
    unique_by=lambda entry: entry[2:],
)


@given(CHANGES)
def test_what_is_not_held_keeps_within_every_limit(
    entries: list[tuple[int, int, int, int]],
) -> None:
    changes = [
        change(str(n), before, after, account=account, service=service)
        for n, (before, after, account, service) in enumerate(entries)
    ]
    guards = Guards(line=Decimal(300), account=Decimal(500), run=Decimal(900))
    found = guard(changes, limits(guards))
    free = [entry for entry in changes if entry.id not in found.holds]
    assert all(abs(entry.money.monthly) <= 300 for entry in free)
    for account in (1, 2, 3):
        mine = [abs(e.money.monthly) for e in free if e.line.account_id == account]
        assert sum(mine) <= 500
    assert sum(abs(entry.money.monthly) for entry in free) <= 900
    assert {code for codes in found.holds.values() for code in codes} == {
        entry.code for entry in found.findings
    }


@pytest.mark.parametrize(
    ("cause", "stops"), [("usage", True), ("end", False), ("fixed", False), ("config", True)]
)
def test_a_count_that_falls_to_zero_waits_unless_somebody_said_so(cause: str, stops: bool) -> None:
    found = guard([change("a", 2, 0, cause=cause)], limits(Guards(**WIDE)))
    assert held(found) == ({"a": ("GRD006",)} if stops else {})
    assert not stops or "approve it" in found.findings[0].remedy


def test_one_day_at_zero_is_a_fall_though_the_line_comes_back() -> None:
    found = guard([change("a", 2, 0), change("b", 0, 2)], limits(Guards(**WIDE)))
    assert held(found) == {"a": ("GRD006",), "b": ("GRD006",)}


def test_a_fall_to_zero_shows_its_money_as_falling_away() -> None:
    line = [change("a", 10, 12), change("b", 12, 0), change("c", 0, 4)]
    line = [replace(one, day=one.day + n * make.ONE_DAY) for n, one in enumerate(line)]
    found = {entry.code: entry.money for entry in guard(line, limits(Guards(**WIDE))).findings}
    assert found == {"GRD001": 200, "GRD006": -240}


def test_a_fall_to_zero_can_be_waived_approved_or_allowed() -> None:
    fall = [change("a", 2, 0)]
    assert held(guard(fall, limits(Guards(**WIDE), waiver("GRD006")))) == {}
    assert held(guard(fall, limits(Guards(**WIDE), approved=("a",)))) == {}
    assert held(guard(fall, limits(Guards(**WIDE, zero="allow")))) == {}


@pytest.mark.parametrize(
    ("guards", "code"),
    [
        ({"line": Decimal(100)}, "GRD002"),
        ({"account": Decimal(100)}, "GRD003"),
        ({"run": Decimal(100)}, "GRD004"),
    ],
)
def test_money_at_the_limit_is_within_it(guards: dict[str, Any], code: str) -> None:
    few = Guards(Decimal(999), **{**WIDE, **guards})
    assert held(guard([change("a", 100, 105)], limits(few))) == {}
    more = [change("a", 100, 105, money=100), change("b", 0, 0, money=1, kind="price")]
    assert held(guard(more, limits(few))) == {"a": (code,), "b": (code,)}


def test_a_finding_about_a_line_names_it_with_the_money_and_the_limit() -> None:
    guards = Guards(Decimal(999), line=Decimal(100), account=None, run=None)
    (found,) = guard([change("a", 100, 106)], limits(guards)).findings
    assert found.message == "Workstation of Account 1 moves by 120.00 USD, over 100"
    assert found.subject == Subject(account="Account 1", contract="MSA", service="workstation")
    assert found.money == 120


def test_a_finding_about_an_account_names_it_with_all_its_money() -> None:
    guards = Guards(Decimal(999), line=None, account=Decimal(100), run=None)
    mine = [change("a", 100, 103), change("b", 100, 97, service=101)]
    (found,) = guard(mine, limits(guards)).findings
    assert found.message == "Account 1 moves by 120.00 USD in all, over 100"
    assert (found.subject, found.money) == (Subject(account="Account 1"), Decimal(120))


def test_a_finding_about_the_run_has_the_money_of_what_is_left() -> None:
    guards = Guards(Decimal(999), line=None, account=None, run=Decimal(100))
    (found,) = guard([change("a", 100, 106)], limits(guards)).findings
    assert found.message == "the run moves 120.00 USD, over 100"
    assert (found.subject, found.money) == (Subject(), Decimal(120))


def test_the_account_guard_can_be_waived() -> None:
    guards = Guards(Decimal(999), line=None, account=Decimal(100), run=None)
    assert held(guard([change("a", 100, 106)], limits(guards, waiver("GRD003")))) == {}


def test_one_service_on_two_contracts_is_two_lines() -> None:
    one = change("a", 10, 12)
    two = replace(one, id="b", line=replace(one.line, contract_id=11))
    guards = Guards(Decimal(999), line=Decimal(60), account=None, run=None)
    assert held(guard([one, two], limits(guards))) == {}


def test_an_expired_waiver_is_reported_at_its_place_and_service() -> None:
    (found,) = expired("Brass", [waiver("GRD002", date(2026, 3, 9), "server")], AS_OF)
    assert found.subject == Subject(account="Brass", service="server")
    assert found.origin == ORIGIN


@pytest.mark.parametrize(
    ("moved", "before", "shown"),
    [
        (4, 5, "80"),
        (4, 7, "57.1"),
        (31, 103, "30.1"),
        (34, 10, "340"),
        (871, 97, "898"),
        (9, 9, "100"),
        (251, 250, "100"),
    ],
)
def test_a_percentage_is_rounded_and_not_cut(moved: int, before: int, shown: str) -> None:
    assert _percent(moved, before) == shown


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [(10, 16, "60"), (30, 41, "36.7"), (3, 40, "1,233"), (100, 31, "69")],
)
def test_a_finding_about_a_share_says_how_much_it_is(before: int, after: int, percent: str) -> None:
    (found,) = guard([change("a", before, after)], limits(Guards(**WIDE))).findings
    told = f"Workstation of Account 1 moves from {before} to {after}, by {percent} %"
    assert found.message == told


def test_a_line_that_ends_is_guarded_by_its_money_alone() -> None:
    ending = change("end", 100, 0, cause="end")
    assert held(guard([ending], limits(Guards(**WIDE)))) == {}
    assert held(guard([ending], limits(Guards(**{**WIDE, "line": Decimal(500)})))) == {
        "end": ("GRD002",)
    }


def test_a_fall_to_zero_over_two_prices_is_told_as_one() -> None:
    price = change("price", 0, 0, money=7, kind="price")
    parts = change("new", 15, 5, money=-100), change("old", 5, 0, money=-90), price
    found = guard(parts, limits(Guards(**WIDE)))
    assert held(found)["old"] == held(found)["new"] == held(found)["price"]
    assert {one.code: one.money for one in found.findings}["GRD006"] == -190


def test_what_a_line_falls_by_before_its_end_holds_neither() -> None:
    falls = change("falls", 100, 10), change("end", 10, 0, cause="end")
    assert held(guard(falls, limits(Guards(**WIDE)))) == {}
    assert held(guard(falls[:1], limits(Guards(**WIDE)))) == {"falls": ("GRD001",)}


def test_what_a_line_rises_by_before_its_end_is_guarded() -> None:
    rises = change("rises", 10, 100), change("end", 100, 0, cause="end")
    found = held(guard(rises, limits(Guards(**WIDE))))
    assert found == {"rises": ("GRD001",), "end": ("GRD001",)}


def test_a_line_that_falls_to_nothing_is_held_unless_it_ends() -> None:
    falls = change("falls", 2, 0)
    assert held(guard([falls], limits(Guards(**WIDE)))) == {"falls": ("GRD006",)}
    ending = replace(falls, cause="end")
    assert held(guard([ending], limits(Guards(**WIDE)))) == {}


def test_money_is_told_at_the_digits_of_its_currency() -> None:
    guards = Guards(percent=Decimal(1000), percent_floor_units=0, **{**WIDE, "line": Decimal(100)})
    yen = replace(limits(guards), currency="JPY")
    (found,) = guard([change("a", 10, 16)], yen).findings
    assert found.message == "Workstation of Account 1 moves by 120 JPY, over 100"
