from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from markdown_it import MarkdownIt

from reconciler.findings import finding
from reconciler.findings.by_hand import BILL, CREDIT
from reconciler.model.errors import BmsError
from reconciler.model.finding import Severity, Subject
from reconciler.model.outcome import Applied, Result
from reconciler.model.plan import Change, Money, Standing
from reconciler.report.daily import Day, Silent, sentence
from reconciler.report.daily_markdown import month, render, summary
from reconciler.report.plan_markdown import COMMENT_BYTES, SUMMARY_BYTES
from tests.report.example import CHANGES, FINDINGS, IN_STEP, NOTHING_CHECKED, PLAN

TODAY = date(2026, 11, 23)
QUIET = Day(TODAY, "USD", date(2026, 11, 22), plan=IN_STEP)
HOSTILE = "Evil|Corp `rm` <b>@octocat</b> #123\nnext \u202eline ${{ secrets.X }} <!-- x -->"
RAW = ("Evil|", "`rm`", "<b>", "@octocat", "#123", "\u202e", "${{", "<!--", "\nnext")


def many(standing: Standing, number: int, account: str = "Account") -> tuple[Change, ...]:
    line, money = CHANGES[0].line, Money(Decimal(1), Decimal(0), 1, 30)
    return tuple(
        replace(
            CHANGES[0],
            id=f"{standing}{n}",
            standing=standing,
            money=money,
            line=replace(line, account_id=n, account=f"{account} {n:05}"),
        )
        for n in range(number)
    )


def applied(result: Result, number: int = 1, detail: str = "") -> tuple[Applied, ...]:
    return tuple(Applied(one, result, one.id, detail) for one in many("ready", number))


def with_changes(*changes: Change) -> Day:
    return replace(QUIET, plan=replace(PLAN, changes=changes, findings=()))


def test_a_quiet_day_is_not_notable() -> None:
    assert not QUIET.notable
    assert sentence(QUIET) == "Nothing was written."


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (replace(QUIET, applied=applied("done", 2)), "Written: 2 changes, +2.00 USD per month."),
        (
            replace(QUIET, applied=(*applied("done"), *applied("refused"))),
            "needs a person: 1 refused by BMS",
        ),
        (replace(QUIET, applied=applied("unproved")), "needs a person: 1 written, not proved"),
        (with_changes(*many("held", 2)), "held: 2 changes, +2.00 USD per month"),
        (with_changes(*many("by-hand", 1)), "to be made by hand in BMS: 1 change, +1.00 USD"),
        (with_changes(*many("proposed", 1)), "waiting for approval: 1 change"),
        (replace(QUIET, silent=(Silent("file edr.csv", "gone"),)), "no usage from file edr.csv"),
        (replace(QUIET, plan=NOTHING_CHECKED), "nothing was checked"),
        (replace(QUIET, plan=PLAN), "Drift: BMS was changed by hand (1)"),
        (replace(QUIET, plan=None, failed=BmsError("down")), "The daily run did not come to its"),
        (replace(QUIET, stopped="the lease ended"), "Nothing was written."),
        (replace(QUIET, noticed=(("KNW013", "a price was changed"),)), "Nothing was written."),
    ],
)
def test_what_somebody_should_know_is_notable_and_said(day: Day, told: str) -> None:
    assert day.notable
    assert told in sentence(day)


LAPSES = finding("POL009", "10 units wait: what they come to, +37.33 USD, is never billed")


@pytest.mark.parametrize(("severity", "said"), [("warning", True), ("info", False)])
def test_what_lapses_is_urged_as_long_as_it_waits_and_not_where_it_is_made_an_info(
    severity: Severity, said: bool
) -> None:
    plan = replace(PLAN, changes=many("held", 1), findings=(replace(LAPSES, severity=severity),))
    day = replace(QUIET, plan=plan)
    told = "needs a person: money that is never billed if it waits too long."
    assert sentence(day).endswith(told) is said
    assert (LAPSES.message in render(day, COMMENT_BYTES)) is said


@pytest.mark.parametrize(
    ("by_hand", "lost"),
    [
        ((BILL,), "never billed if"),
        ((CREDIT,), "never credited if"),
        ((CREDIT, BILL), "never billed or credited if"),
    ],
)
def test_what_lapses_is_told_as_a_bill_or_as_a_credit(
    by_hand: tuple[dict[str, str], ...], lost: str
) -> None:
    found = tuple(replace(LAPSES, remedy=one["POL009"]) for one in by_hand)
    day = replace(QUIET, plan=replace(PLAN, changes=many("held", 1), findings=found))
    assert sentence(day).endswith(f"needs a person: money that is {lost} it waits too long.")


def test_news_of_one_product_counts_all_organizations_without_an_account() -> None:
    assert QUIET.plan is not None
    checked = replace(QUIET.plan.checked, organizations_unmapped=3)
    plan = replace(QUIET.plan, checked=checked)
    day = replace(QUIET, plan=plan, news=(finding("USG003", "2 of datto-rmm"),))
    assert day.notable
    told = "Nothing was written; needs a person: 3 organizations with usage and no account."
    assert sentence(day) == told
    assert render(day, COMMENT_BYTES).startswith(f"## ⚠️ {told}")


def test_what_only_happened_in_bms_is_not_notable() -> None:
    assert not replace(QUIET, noticed=(("KNW003", "a line of others"),)).notable


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (None, "This is the first daily run."),
        (date(2026, 11, 22), "The last daily run before was on 2026-11-22.\n"),
        (date(2026, 11, 21), "1 day (2026-11-22) was missed, and caught up: every open day"),
        (date(2026, 11, 15), "7 days (2026-11-16 to 2026-11-22) were missed, and caught up"),
    ],
)
def test_it_says_when_the_last_run_was(before: date | None, told: str) -> None:
    assert told in render(replace(QUIET, before=before), COMMENT_BYTES) + "\n"


def test_a_run_that_failed_has_caught_up_on_nothing() -> None:
    failed = replace(QUIET, before=date(2026, 11, 15), plan=None, failed=BmsError("down"))
    text = render(failed, COMMENT_BYTES)
    assert "were missed; the next run catches up." in text
    assert "- down" in text


@pytest.fixture(scope="module")
def held() -> tuple[Change, ...]:
    return many("held", 25_000)


@pytest.mark.parametrize("limit", [60_000, 30_000, 10_000])
def test_25_000_held_changes_fit_with_their_money(held: tuple[Change, ...], limit: int) -> None:
    plan = replace(PLAN, changes=held, findings=FINDINGS * 300)
    day = replace(QUIET, plan=plan, applied=applied("done", 900))
    text = render(day, limit)
    assert limit * 0.6 < len(text.encode()) <= limit
    assert "Held: 25,000 changes, +25,000.00 USD per month" in text
    table, _, rest = text.partition("### Held")[2].partition("**… and ")
    left = 25_000 - table.count("\n| Account 0") - table.count("\n| Account 1")
    left -= table.count("\n| Account 2")
    assert left < 25_000
    assert rest.startswith(f"{left:,} more changes, +{left:,}.00 USD per month.**")
    assert "Written: 900 changes, +900.00 USD per month" in text


def test_the_summary_of_a_large_plan_stays_under_a_mebibyte(held: tuple[Change, ...]) -> None:
    day = replace(QUIET, plan=replace(PLAN, changes=held))
    assert len(summary(day).encode()) <= SUMMARY_BYTES


def hostile() -> Day:
    line = replace(CHANGES[0].line, account=HOSTILE, service=HOSTILE, contract=HOSTILE)
    change = replace(CHANGES[0], line=line, standing="held", because=("GRD001",))
    drift = finding("KNW002", HOSTILE, subject=Subject(account=HOSTILE, contract=HOSTILE))
    return replace(
        QUIET,
        plan=replace(PLAN, changes=(change,), findings=(drift,)),
        applied=(Applied(replace(change, id="w"), "refused", "w", HOSTILE),),
        silent=(Silent(HOSTILE, HOSTILE, (HOSTILE,)),),
        noticed=(("KNW004", HOSTILE),),
        stopped=HOSTILE,
    )


def test_mistakes_of_usage_files_are_listed_and_counted() -> None:
    day = replace(QUIET, silent=(Silent("file *.csv", "12 problems", tuple("abcdefghijkl")),))
    text = render(day, COMMENT_BYTES)
    assert "12 problems\n  - a\n" in text
    assert "\n  - j\n  - … and 2 more" in text
    assert "- k" not in text
    few = replace(QUIET, silent=(Silent("file *.csv", "2 problems", ("a", "b")),))
    assert "more" not in render(few, COMMENT_BYTES)


def test_usage_that_is_not_read_is_named() -> None:
    day = replace(QUIET, overlooked=("usage/new.CSV",))
    text = render(day, COMMENT_BYTES)
    assert text.startswith("## ⚠️ Nothing was written; needs a person: 1 file of usage not read.")
    assert "### Usage that is not read" in text
    assert "- usage/new.CSV" in text


def test_hostile_names_stay_text() -> None:
    text = render(hostile(), COMMENT_BYTES) + month(HOSTILE, HOSTILE)
    for raw in RAW:
        assert raw not in text
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert rendered.count("Evil|Corp") > 8
    assert "<b>" not in rendered


def test_a_name_of_10_kb_leaves_room_for_the_others() -> None:
    held = (
        *many("held", 1, "A" * 10_000),
        *many("held", 1, "<" * 10_000),
        *many("held", 1, "Zinc"),
    )
    text = render(with_changes(*held), COMMENT_BYTES)
    assert "Zinc 00000" in text
    assert len(text) < 10_000
