from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from reconciler.model.plan import Change, Plan, Standing
from reconciler.report.plan_markdown import COMMENT_BYTES, SUMMARY_BYTES, render
from tests.report.example import CHANGES, FINDINGS, IN_STEP, NOTHING_CHECKED, PLAN


def unfolded(text: str) -> str:
    """What is seen without opening a fold."""
    parts = text.split("<details>")
    return parts[0] + "".join(part.split("</details>", 1)[1] for part in parts[1:])


def many(standing: Standing, number: int) -> tuple[Change, ...]:
    line = CHANGES[0].line
    return tuple(
        replace(
            CHANGES[0],
            id=f"{standing}{n}",
            standing=standing,
            line=replace(line, account_id=n, account=f"Account {standing} {n:05}"),
        )
        for n in range(number)
    )


@pytest.mark.parametrize(
    "plan", [PLAN, IN_STEP, NOTHING_CHECKED], ids=["full", "in-step", "nothing-checked"]
)
def test_a_plan(plan: Plan, snapshot: SnapshotAssertion) -> None:
    assert render(plan) == snapshot


def test_the_first_line_is_the_verdict_with_the_money() -> None:
    first = render(PLAN).splitlines()[0]
    assert "626.92 USD less billed per month" in first
    assert "1 of them waits for approval" in first
    assert "3 other changes wait for a person" in first


def test_held_by_hand_drift_and_doubt_are_never_folded() -> None:
    seen = unfolded(render(PLAN))
    for part in ("siris-device", "old-backup", "KNW002", "KNW005", "GRD001", "Incomplete"):
        assert part in seen


def test_a_hostile_name_opens_no_markup() -> None:
    text = render(PLAN)
    for raw in ("Evil|", "`rm`", "<b>", "@octocat", "#123", "\u202e"):
        assert raw not in text


def test_every_table_row_has_as_many_cells_as_its_header() -> None:
    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(render(PLAN))
    for body in rendered.split("<table>")[1:]:
        table = body.split("</table>")[0]
        columns = table.count("<th")  # thead counts once too
        assert table.count("<td") % (columns - 1) == 0
        assert table.count("<td") >= columns - 1


def test_folds_are_closed() -> None:
    text = render(PLAN)
    assert text.count("<details>") == text.count("</details>") > 0


@pytest.mark.parametrize("limit", [COMMENT_BYTES, 20_000, 4_000])
def test_a_long_plan_stays_under_the_limit_and_says_so(limit: int) -> None:
    plan = replace(
        PLAN,
        changes=many("ready", 900) + many("held", 400) + many("by-hand", 300),
        findings=FINDINGS * 200,
    )
    text = render(plan, limit=limit)
    assert len(text.encode()) <= limit
    assert "reconciler plan --out plan.json" in text
    assert "626.92 USD less billed per month" in text


def test_shortening_leaves_out_whole_accounts_and_says_what_they_are_worth() -> None:
    plan = replace(PLAN, changes=many("ready", 400), findings=())
    text = render(plan, limit=COMMENT_BYTES)
    folds = text.count("<details>")
    assert 0 < folds < 400
    left = 400 - folds
    assert f"**Shortened:** {left} more changes on {left} accounts, +{88 * left:,}.00 USD" in text
    assert text.count("<details>") == text.count("</details>")


def test_of_25_000_changes_every_held_one_is_shown_with_the_right_totals() -> None:
    ready, held = many("ready", 24_850), many("held", 150)
    held = tuple(
        replace(one, line=replace(one.line, service=f"held-{n}")) for n, one in enumerate(held)
    )
    plan = replace(PLAN, changes=ready + held, findings=FINDINGS * 50)
    for limit in (COMMENT_BYTES, SUMMARY_BYTES):
        text = render(plan, limit=limit)
        assert len(text.encode()) <= limit
        assert all(f"| held-{n} |" in text for n in range(150))
        assert "### Held: 150 changes, +13,200.00 USD per month" in text
        assert "**Shortened:**" in text


def test_nothing_is_left_out_where_there_is_room() -> None:
    plan = replace(PLAN, changes=many("ready", 400), findings=())
    text = render(plan)
    assert text.count("<details>") == 400
    assert "Shortened" not in text


def test_the_same_plan_is_the_same_text() -> None:
    assert render(PLAN) == render(replace(PLAN, changes=tuple(reversed(PLAN.changes))))
