from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.plan import Change
from reconciler.report.plan_view import by_cause, by_standing, shown_of, total
from tests.report.example import BRASS, CHANGES, COBALT, FINDINGS, PLAN

ANY_CHANGES = st.lists(
    st.builds(
        lambda base, name, standing, money: replace(
            base, id=name, standing=standing, money=replace(base.money, monthly=money)
        ),
        st.sampled_from(CHANGES),
        st.text(max_size=3),
        st.sampled_from(["ready", "held", "observed"]),
        st.decimals(min_value=-1000, max_value=1000, places=2),
    ),
    max_size=12,
).map(tuple)


@given(ANY_CHANGES)
def test_every_change_is_shown_exactly_once(changes: tuple[Change, ...]) -> None:
    groups = by_standing(replace(PLAN, changes=changes))
    shown = [change for group in groups for account in group.accounts for change in account.changes]
    assert sorted(map(repr, shown)) == sorted(map(repr, changes))
    assert sum(group.count for group in groups) == len(changes)


@given(ANY_CHANGES)
def test_the_order_of_the_plan_does_not_matter(changes: tuple[Change, ...]) -> None:
    unique = {change.id: change for change in changes}
    forth = by_standing(replace(PLAN, changes=tuple(unique.values())))
    back = by_standing(replace(PLAN, changes=tuple(reversed(unique.values()))))
    assert forth == back


@given(ANY_CHANGES)
def test_money_of_the_accounts_is_the_money_of_the_group(changes: tuple[Change, ...]) -> None:
    for group in by_standing(replace(PLAN, changes=changes)):
        assert sum((a.money.monthly for a in group.accounts), Decimal(0)) == group.money.monthly


def test_what_a_person_must_act_on_comes_first() -> None:
    standings = [group.standing for group in by_standing(PLAN)]
    assert standings == ["held", "by-hand", "proposed", "ready", "scheduled", "observed"]


def test_accounts_are_sorted_by_money_moved_in_either_direction() -> None:
    up = replace(CHANGES[0], id="up", money=replace(CHANGES[0].money, monthly=Decimal(100)))
    down = replace(up, id="down", money=replace(up.money, monthly=Decimal(-100)))
    other = replace(CHANGES[3], money=replace(up.money, monthly=Decimal(150)))
    (group,) = by_standing(replace(PLAN, changes=(other, up, down)))
    assert [account.account for account in group.accounts] == [BRASS[1], COBALT[1]]
    assert group.accounts[0].money.monthly == 0


@given(ANY_CHANGES)
def test_the_steps_of_a_line_stay_together_and_in_order(changes: tuple[Change, ...]) -> None:
    for group in by_standing(replace(PLAN, changes=changes)):
        for account in group.accounts:
            lines = [
                (line, [change.day for change in steps])
                for line, steps in groupby(account.changes, key=lambda change: change.line)
            ]
            assert len(lines) == len({line for line, _ in lines})
            assert all(days == sorted(days) for _, days in lines)


def test_two_accounts_of_one_name_stay_apart() -> None:
    twin = replace(CHANGES[0], id="twin", line=replace(CHANGES[0].line, account_id=77))
    (group,) = by_standing(replace(PLAN, changes=(CHANGES[0], twin)))
    assert len(group.accounts) == 2


def test_a_contract_is_named_only_where_there_are_several() -> None:
    groups = {
        (group.standing, account.account): account.several_contracts
        for group in by_standing(PLAN)
        for account in group.accounts
    }
    assert groups["ready", BRASS[1]]
    assert not groups["ready", COBALT[1]]


def test_what_blocks_comes_before_what_does_not() -> None:
    groups = by_cause(FINDINGS)
    assert [group.code for group in groups] == [
        "KNW002",
        "KNW005",
        "GRD001",
        "BMS010",
        "USG003",
        "USG006",
    ]
    assert sum(len(group.findings) for group in groups) == len(FINDINGS)


def test_within_a_cause_the_most_money_comes_first() -> None:
    guard = next(group for group in by_cause(reversed(FINDINGS)) if group.code == "GRD001")
    assert [finding.money for finding in guard.findings] == [Decimal("5100.00"), Decimal("88.00")]


def test_different_remedies_are_different_causes() -> None:
    one = replace(FINDINGS[0], remedy="this")
    other = replace(FINDINGS[0], remedy="that")
    assert [group.remedy for group in by_cause([one, other])] == ["that", "this"]


def test_nothing_totals_zero() -> None:
    assert total(()).monthly == 0


def test_a_correction_shows_what_needs_a_person_and_what_is_about_its_accounts() -> None:
    assert shown_of(PLAN) == PLAN.findings
    brass = next(change for change in PLAN.changes if change.line.account == BRASS[1])
    shown = shown_of(replace(PLAN, changes=(brass,), corrects=("AB12",)))
    assert {found.code for found in shown} == {"GRD001", "KNW002", "KNW005", "BMS010"}


def test_a_forecast_is_not_for_a_later_day() -> None:
    later = replace(CHANGES[0], id="later", standing="scheduled", because=("POL002",))
    forecast = replace(CHANGES[3], id="forecast", standing="scheduled", because=("TRU001",))
    groups = by_standing(replace(PLAN, changes=(later, forecast)))
    assert [(group.title, group.accounts[0].changes) for group in groups] == [
        ("Waiting until the month is over", (forecast,)),
        ("Scheduled for a later day", (later,)),
    ]
    assert len({group.meaning for group in groups}) == 2
