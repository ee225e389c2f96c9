from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.findings import finding
from reconciler.model.finding import Subject
from reconciler.report.drift_markdown import Apart, Merged, news, render, sentence, summary
from reconciler.report.plan_markdown import COMMENT_BYTES
from tests.report.example import CHANGES, IN_STEP, PLAN
from tests.report.test_daily_markdown import HOSTILE, RAW, many


def test_in_step_says_so() -> None:
    apart = Apart(IN_STEP)
    assert not apart.open
    assert render(apart, COMMENT_BYTES) == "## ✅ No drift: 165 contracts are as they were agreed."
    assert news(apart).startswith("In step again on 2026-11-")


def test_usage_and_what_is_only_observed_open_nothing() -> None:
    plan = replace(IN_STEP, changes=(*many("ready", 2), *many("observed", 3)))
    apart = Apart(plan)
    assert (apart.open, len(apart.due)) == (False, 2)
    assert sentence(apart).endswith(
        "Due by usage or configuration: 2 changes, +2.00 USD per month."
    )


def test_what_commits_cause_is_no_usage() -> None:
    ready = many("ready", 3)
    apart = Apart(replace(IN_STEP, changes=ready), (Merged("a" * 40, "more"),), ready[:1])
    assert apart.open
    assert apart.due == ready[1:]
    assert "Merged but not applied: 1 commit, 1 change, +1.00 USD per month." in sentence(apart)


def test_what_is_told_once_is_in_the_summary_and_not_in_the_issue() -> None:
    once = finding("KNW004", "done by hand", subject=Subject(account="Brass", contract="M"))
    drift = finding("KNW002", "off", subject=Subject(account="Brass", contract="M"))
    text = render(Apart(replace(IN_STEP, findings=(once, drift))), COMMENT_BYTES)
    assert "KNW002" in text
    assert "KNW004" not in text
    whole = summary(Apart(replace(IN_STEP, findings=(once, drift))), COMMENT_BYTES)
    assert "### Noticed in BMS" in whole
    assert "done by hand" in whole


def test_contracts_that_could_not_be_compared_stand_apart() -> None:
    unseen = finding("BMS003", "not there", subject=Subject(account="Brass", contract="M"))
    text = render(Apart(replace(IN_STEP, findings=(unseen,))), COMMENT_BYTES)
    assert "### Could not be compared" in text
    assert "by hand" not in text


def test_a_new_name_is_no_edit_of_what_is_billed() -> None:
    renamed = finding("BMS010", "it has another name", subject=Subject(account="Brass"))
    text = render(Apart(replace(IN_STEP, findings=(renamed,))), COMMENT_BYTES)
    assert text.startswith("## ✅ No drift: ")
    assert "### Renamed in BMS" in text
    assert "by hand" not in text


@pytest.mark.parametrize("limit", [60_000, 30_000, 10_000])
def test_much_of_everything_fits(limit: int) -> None:
    subject = Subject(account="Brass", contract="M")
    drift = tuple(finding("KNW002", f"off by {n}", subject=subject) for n in range(3_000))
    apart = Apart(
        replace(PLAN, changes=many("ready", 25_000), findings=drift),
        tuple(Merged(f"{n:040}", f"commit {n}") for n in range(3_000)),
        many("held", 2_000, "Other"),
    )
    text = render(apart, limit)
    assert limit * 0.6 < len(text.encode()) <= limit
    for part in ("more findings.**", "more commits", "more changes, +"):
        assert part in text


def test_hostile_names_and_titles_stay_text() -> None:
    line = replace(CHANGES[0].line, account=HOSTILE, service=HOSTILE, contract=HOSTILE)
    change = replace(CHANGES[0], line=line)
    drift = finding("KNW002", HOSTILE, subject=Subject(account=HOSTILE), remedy=HOSTILE)
    plan = replace(PLAN, changes=(change,), findings=(drift,))
    apart = Apart(plan, (Merged("</sub>" * 9, HOSTILE),), (change,), unsure=HOSTILE)
    text = render(apart, COMMENT_BYTES) + news(apart)
    for raw in (*RAW, "</sub>"):
        assert raw not in text.replace("<code>rm</code>", "")
