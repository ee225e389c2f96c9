"""The daily run from day to day: what it writes, and what a billing lead reads of it."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.sandbox.transport import SandboxTransport
from reconciler.usage import pull
from tests.github.api import TOKEN
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night
from tests.runs.world import METRIC, PRODUCT

HELD = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    return Night(make_world())


def units(night: Night) -> tuple[int, int]:
    return night.world.units("alpha"), night.world.units("beta")


def first_line(text: str) -> str:
    return text.splitlines()[0]


def test_a_quiet_day_posts_nothing_and_has_its_summary(night: Night) -> None:
    told = night.daily()
    assert (told.posted, night.api.issues, night.api.comments) == ("quiet", [], [])
    summary = night.summary.read_text("utf-8")
    assert first_line(summary) == "## ✅ Nothing was written."
    assert "This is the first daily run." in summary
    assert "In step: 2 lines were looked at" in summary


def test_a_day_with_writes_says_them_with_their_money(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12}, beta={date(2026, 11, 20): 9})
    told = night.daily()
    assert (told.posted, units(night)) == ("created", (12, 9))
    (said,) = night.said
    assert first_line(said) == "## ✅ Written: 2 changes, +10.00 USD per month."
    (issue,) = night.api.issues
    assert (issue["title"], issue["state"]) == ("Billing 2026-11", "open")
    let = night.world.ledger.let_by(night.world.ledger.writes(1)[0][0])
    assert str(let) == "Nightly billing (schedule)"


def test_what_is_held_is_shown_unfolded_and_not_written(
    make_world: MakeWorld, snapshot: SnapshotAssertion
) -> None:
    night = Night(make_world(guards=HELD))
    night.usage(alpha={date(2026, 11, 10): 30}, beta={date(2026, 11, 10): 12})
    night.daily()
    assert units(night) == (10, 12)
    (said,) = night.said
    assert "Written: 1 change, +20.00 USD per month; held: 1 change, +200.00 USD" in said
    assert "<details>" not in said
    assert said == snapshot


def test_a_source_that_failed_is_told_and_is_no_usage_of_0(night: Night) -> None:
    night.daily()
    night.tomorrow()
    night.source.write_text("nonsense\n", encoding="utf-8")
    told = night.daily()
    assert (told.posted, units(night)) == ("created", (10, 10))
    (said,) = night.said
    assert "no usage from file usage/" in first_line(said)
    assert "Nothing came from them, which is not taken for no usage" in said


def test_a_missed_week_is_caught_up_and_said_so(night: Night, snapshot: SnapshotAssertion) -> None:
    night.daily()
    night.tomorrow(7)
    night.usage(alpha={date(2026, 11, 25): 12, date(2026, 11, 28): 15})
    night.daily()
    (said,) = night.said
    assert "The last daily run before was on 2026-11-23." in said
    assert "6 days (2026-11-24 to 2026-11-29) were missed, and caught up" in said
    assert {row.date for row in night.world.sandbox.tables().rows() if row.units in (2, 3)} == {
        date(2026, 11, 25),
        date(2026, 11, 28),
    }
    assert said == snapshot


def test_a_job_that_is_run_again_edits_the_comment_of_its_day(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12})
    night.daily()
    before = night.said
    assert (night.daily().posted, night.said) == ("same", before)
    night.usage(alpha={date(2026, 11, 10): 12}, beta={date(2026, 11, 20): 11})
    assert night.daily().posted == "edited"
    (said,) = night.said
    assert first_line(said) == "## ✅ Written: 2 changes, +30.00 USD per month."


def test_a_source_that_came_after_all_mends_the_comment(night: Night) -> None:
    good = night.source.read_text("utf-8")
    night.source.write_text("nonsense\n", encoding="utf-8")
    night.daily()
    night.source.write_text(good, encoding="utf-8")
    assert night.daily().posted == "edited"
    assert first_line(night.said[0]) == "## ✅ Nothing was written."


def test_a_new_month_is_a_new_issue(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12})
    night.daily()
    night.tomorrow(10)
    night.usage(alpha={date(2026, 11, 10): 12, date(2026, 12, 1): 13})
    night.daily()
    titles = [one["title"] for one in night.api.issues]
    assert (titles, len(night.said)) == (["Billing 2026-11", "Billing 2026-12"], 2)
    assert [one["state"] for one in night.api.issues] == ["closed", "open"]


def test_a_run_that_cannot_reach_bms_is_told_and_counts_as_missed(night: Night) -> None:
    class Down(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("refused", request=request)

    night.daily()
    night.tomorrow()
    night.usage()
    night.world.transport = Down()
    told = night.daily()
    assert told.day.failed is not None
    assert first_line(night.said[0]).startswith("## ❌ The daily run did not come to its end;")
    night.world.transport = None
    night.tomorrow()
    night.usage(alpha={date(2026, 11, 24): 11})
    night.daily()
    assert "1 day (2026-11-24) was missed, and caught up" in night.said[1]


def test_what_cannot_be_posted_stops_no_write(night: Night) -> None:
    class Broken(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            told = {"message": f"not accessible by {TOKEN}"}
            return httpx.Response(403, json=told, request=request)

    night.usage(alpha={date(2026, 11, 10): 12})
    told = night.daily(night.through(Broken()))
    assert (told.posted, units(night)) == ("failed", (12, 10))
    assert TOKEN not in told.why
    assert "Written: 1 change" in night.summary.read_text("utf-8")
    assert night.daily().posted == "created"
    assert first_line(night.said[0]) == "## ✅ Written: 1 change, +20.00 USD per month."


def test_a_write_of_a_person_is_not_the_days(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12})
    world = night.world
    state = world.around.desired()
    pull(state.sources, world.config, world.ledger, world.sandbox.today(), world.sandbox.now())
    world.apply(how="terminal")
    assert night.daily().posted == "quiet"


@pytest.mark.parametrize("guards", [HELD, "{percent: 1000, line: 1000000}"])
def test_a_change_that_waits_for_approval_needs_a_person(
    make_world: MakeWorld, guards: str
) -> None:
    night = Night(make_world(mode="propose", guards=guards))
    night.usage(alpha={date(2026, 11, 10): 12})
    night.daily()
    assert "waiting for approval: 1 change, +20.00 USD per month" in first_line(night.said[0])
    assert units(night) == (10, 10)


class Faulty(SandboxTransport):
    """From the ``good``-th write on, no answer comes, or the process is killed."""

    def __init__(self, night: Night, good: int, error: BaseException) -> None:
        super().__init__(night.world.sandbox.app)
        self.good, self.error = good, error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.method == "POST" and not path.endswith(("/search", "/authenticate")):
            self.good -= 1
            if self.good < 0:
                raise self.error
        return super().handle_request(request)


def test_what_a_killed_run_wrote_is_in_the_comment_of_the_next(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12}, beta={date(2026, 11, 10): 13})
    night.world.transport = Faulty(night, 1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        night.daily()
    assert night.said == []
    night.world.transport = None
    night.world.sandbox.advance(timedelta(hours=2))
    night.daily()
    assert first_line(night.said[0]).startswith("## ✅ Written: 2 changes, +50.00 USD per month.")


def test_a_lost_answer_is_a_persons_matter(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12})
    night.world.transport = Faulty(night, 0, httpx.ReadTimeout("no answer"))
    night.daily()
    assert "Nothing was written; needs a person: 1 in doubt." in first_line(night.said[0])


def test_hostile_names_of_organizations_stay_text(night: Night) -> None:
    name = "Evil|Corp `rm` <b>@octocat</b> #123 ${{ secrets.X }} <!-- x -->" + "A" * 10_000
    row = f'{PRODUCT},,"{name}",{METRIC},,2026-11-22,5,\n'
    night.usage(alpha={date(2026, 11, 10): 12})
    night.source.write_text(night.source.read_text("utf-8") + row, encoding="utf-8")
    night.daily()
    night.source.write_text(f"@octocat <b> `rm` ${{{{ x }}}} {name}\n", encoding="utf-8")
    night.daily()
    shown = night.summary.read_text("utf-8") + night.said[0]
    for raw in ("Evil|", "`rm`", "<b>", "@octocat", "#123", "${{", "<!--"):
        assert raw not in shown


def test_an_old_job_that_is_run_again_tells_what_it_wrote(night: Night) -> None:
    night.usage(alpha={date(2026, 11, 10): 12})
    night.daily()
    night.usage(alpha={date(2026, 11, 10): 12}, beta={date(2026, 11, 10): 12})
    night.number = -5
    assert night.daily().posted == "edited"
    assert first_line(night.said[0]) == "## ✅ Written: 2 changes, +40.00 USD per month."
