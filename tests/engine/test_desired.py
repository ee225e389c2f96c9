from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from reconciler.engine.desired import Desired, counted, desired
from reconciler.engine.question import Question, fixed_on, settings_on
from reconciler.model.settings import DatedSettings, FixedUnits
from reconciler.model.timeline import Timeline
from tests.engine import builders as make

D = date
JAN, FEB, MAR = D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)
MONTH_END: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
}


def ask(*dated: Any, values: Sequence[int | None], known: Timeline, **more: Any) -> Desired:
    given: dict[str, Any] = {
        "line": make.line(*dated, last_day=more.pop("last_day", None)),
        "inputs": [make.an_input(make.series(*values))],
        "schedule": make.monthly(),
        "first": JAN,
        "as_of": JAN + make.ONE_DAY * len(values),
        "known": known,
        "exists": True,
    }
    return desired(Question(**{**given, **more}))


def ten(*steps: tuple[date, int]) -> Timeline:
    return Timeline.of([(D(2025, 12, 1), 10), *steps])


def test_a_daily_line_moves_on_the_day_of_the_reading() -> None:
    found = ask(values=[10, 12, 12, 9], known=ten())
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 2), 12), (D(2026, 1, 4), 9))
    assert found.newest is not None
    assert found.newest.units == 9


def test_an_increase_from_the_period_start_covers_the_whole_period() -> None:
    policy = make.settings(increase="period-start")
    assert ask(policy, values=[10, 10, 12], known=ten()).timeline.steps == ((JAN, 12),)


def test_an_increase_from_the_period_start_lowers_no_day_that_had_more() -> None:
    policy = make.settings(increase="period-start")
    found = ask(policy, values=[10, 8, 9], known=ten())
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 2), 9))


def test_a_decrease_from_the_period_start_raises_no_day_that_had_fewer() -> None:
    policy = make.settings(decrease="period-start")
    found = ask(policy, values=[5, 10, 8], known=ten())
    assert found.timeline.steps == ((JAN, 5), (D(2026, 1, 2), 8))


def test_a_next_period_decrease_is_scheduled_and_forgotten_when_usage_returns() -> None:
    policy = make.settings(decrease="next-period")
    found = ask(policy, values=[10, 8], known=ten())
    assert found.timeline.steps == ((JAN, 10),)
    assert [(entry.day, entry.units) for entry in found.scheduled] == [(FEB, 8)]
    assert ask(policy, values=[10, 8, 10], known=ten()).scheduled == ()


def test_a_next_period_decrease_is_written_on_its_day_and_stays() -> None:
    policy = make.settings(decrease="next-period")
    assert ask(policy, values=[8] * 31, known=ten()).timeline.at(FEB) == 8
    later = ask(policy, values=[8] * 40, known=ten((FEB, 8)), first=FEB)
    assert later.timeline.steps == ((FEB, 8),)


def test_never_lowers_means_never() -> None:
    policy = make.settings(decrease="never")
    found = ask(policy, values=[3] * 45, known=ten())
    assert found.timeline.steps == ((JAN, 10),)
    assert found.scheduled == ()


def test_a_month_end_line_waits_for_the_last_usage_day_of_the_month() -> None:
    policy = make.settings(**MONTH_END)
    assert ask(policy, values=[14] * 30, known=ten()).timeline.steps == ((JAN, 10),)
    assert ask(policy, values=[14] * 31, known=ten()).timeline.steps == ((JAN, 14),)


def test_a_month_end_line_leaves_alone_what_bms_has_within_an_open_month() -> None:
    policy = make.settings(**MONTH_END)
    found = ask(policy, values=[10] * 20, known=ten((D(2026, 1, 15), 12)))
    assert found.timeline.at(D(2026, 1, 20)) == 12


def test_a_month_end_starts_at_what_the_last_true_up_left_or_at_the_newest_reading() -> None:
    values = [14] * 20 + [11] * 20
    level = ask(make.settings(**MONTH_END), values=values, known=ten())
    last = ask(make.settings(**MONTH_END, carry="last"), values=values, known=ten())
    assert level.timeline.steps == ((JAN, 14),)
    assert last.timeline.steps == ((JAN, 14), (FEB, 11))


def test_a_newest_reading_that_is_missing_carries_the_level() -> None:
    values = [14] * 20 + [11] * 10 + [None] + [11] * 5
    found = ask(make.settings(**MONTH_END, carry="last"), values=values, known=ten())
    assert found.timeline.steps == ((JAN, 14),)


def test_fixed_units_win_over_the_count_until_their_last_day() -> None:
    fixed = make.settings(fixed=FixedUnits(44, "a dispute", D(2026, 1, 3)))
    found = ask(fixed, values=[10, 10, 10, 10, 11], known=ten())
    assert found.timeline.steps == ((JAN, 44), (D(2026, 1, 4), 10), (D(2026, 1, 5), 11))


def test_fixed_units_on_a_month_end_line_stand_from_one_day_however_often_it_is_asked() -> None:
    fixed = make.settings(
        adjust="month-end", fixed=FixedUnits(44, "a dispute", None), decrease="change-date"
    )
    first = ask(fixed, values=[10] * 5, known=ten())
    assert first.timeline.steps == ((JAN, 44),)
    assert ask(fixed, values=[10] * 6, known=ten((JAN, 44))).timeline.steps == ((JAN, 44),)


def test_a_month_end_line_is_one_again_after_its_fixed_units_end() -> None:
    fixed = make.settings(**MONTH_END, fixed=FixedUnits(10, "a dispute", D(2026, 1, 3)))
    assert ask(fixed, values=[10] * 5 + [13] * 5, known=ten()).timeline.steps == ((JAN, 10),)


def test_after_the_last_day_there_is_nothing_whatever_the_minimum() -> None:
    policy = make.settings(minimum=5)
    found = ask(policy, values=[10] * 5, known=ten(), last_day=D(2026, 1, 3))
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 4), 0))


def test_usage_after_the_last_day_changes_nothing_before_it() -> None:
    policy = make.settings(increase="period-start")
    found = ask(policy, values=[10, 10, 10, 99], known=ten(), last_day=D(2026, 1, 3))
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 4), 0))


def test_a_month_end_line_is_trued_up_on_its_last_day() -> None:
    policy = make.settings(**MONTH_END)
    found = ask(policy, values=[12] * 20, known=ten(), last_day=D(2026, 1, 10))
    assert found.timeline.steps == ((JAN, 12), (D(2026, 1, 11), 0))


def test_a_last_day_to_come_is_scheduled() -> None:
    found = ask(values=[10] * 5, known=ten(), last_day=D(2026, 1, 20))
    assert [(entry.day, entry.units) for entry in found.scheduled] == [(D(2026, 1, 21), 0)]


def test_a_line_bms_does_not_have_starts_at_nothing() -> None:
    found = ask(values=[3, 3], known=Timeline(), exists=False)
    assert found.timeline.steps == ((JAN, 3),)


def test_units_nobody_knows_stay_unknown() -> None:
    assert ask(values=[3, 3], known=Timeline()).timeline.steps == ()


def test_settings_count_from_their_own_day() -> None:
    dated = [
        DatedSettings(date.min, make.settings()),
        DatedSettings(D(2026, 1, 3), make.settings(multiply=Decimal(2))),
    ]
    found = ask(*dated, values=[10, 10, 10], known=ten())
    assert found.timeline.steps == ((JAN, 10), (D(2026, 1, 3), 20))


def test_a_filled_day_raises_and_never_lowers() -> None:
    policy = make.settings(gap_days=3)
    assert ask(policy, values=[12, None, None], known=ten()).timeline.at(D(2026, 1, 3)) == 12
    lowered = Question(
        line=make.line(policy),
        inputs=[make.an_input(make.series(7, first=D(2025, 12, 31)))],
        schedule=make.monthly(D(2025, 1, 1)),
        first=JAN,
        as_of=D(2026, 1, 3),
        known=ten(),
        exists=True,
    )
    assert desired(lowered).timeline.steps == ((JAN, 10),)


def test_a_reading_gone_missing_takes_no_earlier_write_back() -> None:
    known = ten((D(2026, 1, 2), 12))
    assert ask(values=[10, None, None], known=known).timeline.at(D(2026, 1, 3)) == 12
    peak = make.settings(over="peak")
    assert ask(peak, values=[10, None, None], known=known).timeline.at(D(2026, 1, 3)) == 12


def test_a_step_of_today_is_left_alone_while_the_newest_day_is_unknown() -> None:
    known = ten((D(2026, 1, 3), 12))
    assert ask(values=[10, None], known=known).timeline.at(D(2026, 1, 3)) == 12


def test_nothing_is_decided_before_a_first_closed_day() -> None:
    known = ten((JAN, 12))
    found = ask(values=[10], known=known, as_of=JAN)
    assert found.timeline.at(JAN) == 12
    assert found.newest is None


LATE: dict[str, Any] = {"late": "next-period"}


def test_a_change_under_an_invoice_moves_to_the_next_open_period() -> None:
    policy = make.settings(**LATE)
    found = ask(policy, values=[10, 13], known=ten(), closed=D(2026, 1, 31))
    assert found.timeline.steps == ((JAN, 10),)
    assert [(entry.day, entry.units) for entry in found.scheduled] == [(FEB, 13)]
    due = ask(policy, values=[13] * 31, known=ten(), closed=D(2026, 1, 31))
    assert due.timeline.steps == ((JAN, 10), (FEB, 13))


def test_a_true_up_billed_in_advance_lands_in_the_next_period_and_stays_there() -> None:
    policy = make.settings(**{**MONTH_END, **LATE})
    values = [13] * 31
    due = ask(policy, values=values, known=ten(), closed=D(2026, 1, 31))
    assert due.timeline.steps == ((JAN, 10), (FEB, 13))
    invoiced = ask(policy, values=[13] * 40, known=ten((FEB, 13)), closed=D(2026, 2, 28))
    assert invoiced.timeline.steps == ((JAN, 10), (FEB, 13))
    assert invoiced.scheduled == ()


def test_what_was_missed_before_the_invoice_waits_for_the_period_after() -> None:
    policy = make.settings(**{**MONTH_END, **LATE})
    found = ask(policy, values=[13] * 40, known=ten(), closed=D(2026, 2, 28))
    assert found.timeline.steps == ((JAN, 10),)
    assert [(entry.day, entry.units) for entry in found.scheduled] == [(MAR, 13)]


def test_counts_begin_with_the_period_so_that_windows_are_whole() -> None:
    policy = make.settings(over="peak")
    found = ask(policy, values=[15, 10, 10, 10], known=ten(), first=D(2026, 1, 3))
    assert found.timeline.at(D(2026, 1, 3)) == 15


def test_no_count_after_the_contract_ended() -> None:
    question = Question(
        line=make.line(),
        inputs=[make.an_input(make.series(*[10] * 20))],
        schedule=make.monthly(end=D(2026, 1, 10)),
        first=JAN,
        as_of=D(2026, 1, 10),
        known=ten(),
        exists=True,
    )
    assert max(tally.last for tally, _ in counted(question)) == D(2026, 1, 9)


def test_settings_and_fixed_units_of_a_day() -> None:
    fixed = make.settings(fixed=FixedUnits(4, "agreed", D(2026, 1, 5)))
    wanted = make.line(
        DatedSettings(date.min, make.settings()), DatedSettings(D(2026, 1, 3), fixed)
    )
    assert settings_on(wanted, D(2026, 1, 2)).fixed is None
    assert settings_on(wanted, D(2026, 1, 3)) is fixed
    assert fixed_on(fixed, D(2026, 1, 5)) == fixed.fixed
    assert fixed_on(fixed, D(2026, 1, 6)) is None
