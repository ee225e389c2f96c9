"""What goes on from day to day and holds nothing is told in the month's issue, and told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from reconciler.ledger import Run
from reconciler.runs.news import News
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import FIRST, Night
from tests.runs.world import METRIC, PRODUCT

LOOSE = "with usage and no account"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    return Night(make_world())


def used(night: Night, *strangers: str) -> None:
    """Yesterday's usage of organizations that nobody mapped, beside the usual."""
    night.usage()
    day = night.world.sandbox.today() - timedelta(days=1)
    rows = [f"{PRODUCT},,{name},{METRIC},,{day},700,\n" for name in strangers]
    night.source.write_text(night.source.read_text("utf-8") + "".join(rows), encoding="utf-8")


def firsts(night: Night) -> list[str]:
    return [said.splitlines()[0] for said in night.said]


def test_a_customer_whom_nobody_mapped_is_told_once(night: Night) -> None:
    used(night, "Delta Dental")
    assert night.daily().posted == "created"
    (said,) = night.said
    told = "## ⚠️ Nothing was written; needs a person: 1 organization with usage and no account."
    assert said.splitlines()[0] == told
    assert "no account claims it: Delta Dental" in said
    assert "map it in the account's file" in said
    night.tomorrow()
    used(night, "Delta Dental")
    assert (night.daily().posted, len(night.said)) == ("quiet", 1)


def test_one_more_is_told_and_one_less_that_comes_again_is_not(night: Night) -> None:
    days = [
        ("Delta Dental",),
        ("Delta Dental", "Echo"),
        ("Delta Dental",),
        ("Delta Dental", "Echo"),
    ]
    for strangers in days:
        used(night, *strangers)
        night.daily()
        night.tomorrow()
    assert [one.partition("person: ")[2] for one in firsts(night)] == [
        f"1 organization {LOOSE}.",
        f"2 organizations {LOOSE}.",
    ]


def many(last: str, number: int = 3) -> tuple[str, ...]:
    return (*(f"Org {one}" for one in range(number)), last)


def exclude(night: Night, name: str) -> None:
    path = night.world.config / "billing.yaml"
    ours = f"exclude: [{{product: {PRODUCT}, organization: {name}, reason: ours}}]\n"
    path.write_text(path.read_text("utf-8") + ours, encoding="utf-8")
    night.commit(f"{name} is ours")


def test_who_comes_on_the_day_another_leaves_is_told(night: Night) -> None:
    """The sentence names three and counts the rest, so it is the same on both days."""
    used(night, *many("Org 3"))
    night.daily()
    night.tomorrow()
    exclude(night, "Org 3")
    used(night, *many("Org 3"), "Zulu Zoo")
    assert night.daily().posted == "created"
    new = f"1 new organization has usage of {PRODUCT} and no account claims it: Zulu Zoo; 4 in all"
    assert new in night.said[-1]
    assert f"needs a person: 4 organizations {LOOSE}." in firsts(night)[-1]
    night.tomorrow()
    used(night, *many("Org 3"), "Zulu Zoo")
    assert night.daily().posted == "quiet"


def test_several_that_are_new_are_named_and_counted_beside_those_told_before(night: Night) -> None:
    used(night, *many("Org 3"))
    night.daily()
    night.tomorrow()
    used(night, *many("Org 3"), "Yak", "Zebra", "Zoo", "Zulu")
    night.daily()
    assert "4 new organizations have usage of" in night.said[-1]
    assert "claims it: Yak, Zebra, Zoo and 1 more; 8 in all" in night.said[-1]


def test_nobody_is_told_again_because_another_one_left(night: Night) -> None:
    used(night, "Delta", "Echo")
    night.daily()
    night.tomorrow()
    exclude(night, "Delta")
    used(night, "Delta", "Echo")
    assert night.daily().posted == "quiet"


def test_another_name_of_the_same_organization_is_no_news(night: Night) -> None:
    for name in ("Delta Dental", "Delta Dentistry"):
        used(night, name)
        text = night.source.read_text("utf-8").replace(f",,{name},", f",d-1,{name},")
        night.source.write_text(text, encoding="utf-8")
        night.daily()
        night.tomorrow()
    assert len(night.said) == 1


def test_what_an_older_release_told_is_told_once_more(night: Night) -> None:
    told = f"1 organization has usage of {PRODUCT} and no account claims it: Delta Dental"
    today = night.world.sandbox.today()
    old = Run("news", datetime.now(UTC), "1.0", "c", None, today, "USG003", told)
    night.world.ledger.append_run(old)
    posted = []
    for _ in range(2):
        night.tomorrow()
        used(night, "Delta Dental")
        posted.append(night.daily().posted)
    assert posted == ["created", "quiet"]


def test_a_job_that_is_run_again_says_it_again(night: Night) -> None:
    used(night, "Delta Dental")
    night.daily()
    assert (night.daily().posted, len(night.said)) == ("same", 1)
    assert sum(run.kind == "news" for run in night.world.ledger.history(100)) == 1


LATE = "## ⚠️ New since the comment of 2026-11-23 was written"


def broken_source(night: Night) -> None:
    """The day has a comment, which knows of no stranger."""
    night.source.write_text("no usage\n", encoding="utf-8")
    assert night.daily().posted == "created"


def test_news_of_a_later_run_of_the_day_has_a_comment_of_its_own_once(night: Night) -> None:
    """GitHub notifies nobody of an edit."""
    broken_source(night)
    used(night, "Delta Dental")
    assert [night.daily().posted for _ in range(3)] == ["edited", "same", "same"]
    day, late = night.said
    assert "claims it: Delta Dental" in day
    assert late.startswith(LATE)
    assert "claims it: Delta Dental" in late
    assert "map it in the account's file" in late
    night.tomorrow()
    used(night, "Delta Dental")
    assert night.daily().posted == "quiet"


def test_only_what_is_new_since_is_in_it(night: Night) -> None:
    used(night, "Delta")
    night.daily()
    used(night, "Delta", "Echo")
    assert night.daily().posted == "edited"
    day, late = night.said
    assert "claims it: Delta, Echo" in day
    assert "claims it: Echo; 2 in all" in late


def test_a_later_run_without_news_has_no_comment_of_its_own(night: Night) -> None:
    broken_source(night)
    used(night)
    assert (night.daily().posted, len(night.said)) == ("edited", 1)


def test_what_the_ledger_could_not_keep_is_not_told_twice_on_a_day(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_source(night)
    used(night, "Delta Dental")
    monkeypatch.setattr(News, "keep", lambda *_: None)
    for _ in range(2):
        night.daily()
    assert len(night.said) == 2


def test_news_whose_own_comment_was_refused_comes_with_the_next_run(night: Night) -> None:
    broken_source(night)
    used(night, "Delta Dental")
    api = night.api

    class NoComment(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and request.url.path.endswith("/comments"):
                return httpx.Response(403, json={"message": "no"}, request=request)
            return api.handle_request(request)

    assert night.daily(night.through(NoComment())).posted == "failed"
    assert (night.daily().posted, len(night.said)) == ("same", 2)


def test_a_new_months_issue_tells_it_once_more(night: Night) -> None:
    for _ in range(10):
        used(night, "Delta Dental")
        night.daily()
        night.tomorrow()
    assert [one["title"] for one in night.api.issues] == ["Billing 2026-11", "Billing 2026-12"]
    assert len(night.said) == 2


def test_what_could_not_be_posted_is_told_on_the_next_day(night: Night) -> None:
    class Broken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(403, json={"message": "no"}, request=request)

    used(night, "Delta Dental")
    assert night.daily(night.through(Broken())).posted == "failed"
    night.tomorrow()
    used(night, "Delta Dental")
    assert night.daily().posted == "created"
    assert LOOSE in firsts(night)[0]


def test_a_day_that_has_something_else_to_say_does_not_repeat_it(night: Night) -> None:
    used(night, "Delta Dental")
    night.daily()
    night.tomorrow()
    night.usage(alpha={FIRST + timedelta(days=22): 12})
    night.daily()
    assert firsts(night)[1] == "## ✅ Written: 1 change, +20.00 USD per month."
    assert "Delta Dental" not in night.said[1]


def test_what_billing_yaml_makes_an_info_is_not_told(night: Night) -> None:
    path = night.world.config / "billing.yaml"
    path.write_text(f"{path.read_text('utf-8')}findings: {{USG003: info}}\n", encoding="utf-8")
    night.commit("Strangers are no matter of ours")
    used(night, "Delta Dental")
    assert night.daily().posted == "quiet"


def test_a_contract_that_left_the_configuration_is_told_once(night: Night) -> None:
    """It was the only one: that nothing is checked any more, every day says."""
    night.daily()
    (night.world.config / "accounts" / "brass.yaml").unlink()
    night.commit("Brass left")
    for price in ("12.00", "13.00"):
        night.tomorrow()
        night.usage()
        night.daily()
        row = next(row.row_id for row in night.world.sandbox.tables().rows())
        night.world.sandbox.ui.reprice(row, price)
    first, second = night.said
    assert "Left behind (1)" in first.splitlines()[0]
    assert "the configuration names it no more; BMS goes on billing 200.00 USD" in first
    assert "nothing was checked" in second.splitlines()[0]
    assert "names it no more" not in second
