"""No secret shows in anything that a run leaves, also where somebody repeats it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal
from urllib.parse import quote, quote_plus

import pytest

from tests.cli.shop import COBALT
from tests.github.api import TOKEN
from tests.workflows.hub import BASIC
from tests.workflows.outputs import everything
from tests.workflows.stories import ENDPOINT, line
from tests.workflows.town import PASSWORD, Town, listening

pytestmark = pytest.mark.over_http

HEART = "0c5f-heartbeat-of-the-test"


@pytest.fixture(scope="module")
def secretive(shared_town: Town) -> Iterator[Town]:
    """Something is to be said everywhere, and the heartbeat's address holds a secret too."""
    town = shared_town
    with listening("500 No") as (url, heard):
        town.runner.secrets = {**town.runner.secrets, "RECONCILER_HEARTBEAT": f"{url}/{HEART}"}
        town.heard = heard
        yield town


def work(town: Town) -> None:
    """A plan, and a day that writes the merge before it, whatever becomes of it."""
    town.at(town.moment.now + timedelta(hours=2))
    pull = town.propose(line(f"minimum: {19 + town.numbers}"))
    town.plan(pull)
    town.merge(pull)
    town.schedule("daily")


def shown(town: Town) -> dict[str, str]:
    """Secrets by where they show, as they are or in another dress."""
    own = [TOKEN, BASIC.partition(" ")[2], PASSWORD, HEART, *town.gate.seen]
    dressed = {
        form
        for secret in own
        for form in (
            secret, quote(secret), quote_plus(secret), base64.b64encode(secret.encode()).decode()
        )
    }  # fmt: skip
    return {
        place: secret for place, text in everything(town) for secret in dressed if secret in text
    }


def test_where_all_goes_well(secretive: Town) -> None:
    town = secretive
    work(town)
    assert town.units(COBALT, ENDPOINT) == 25
    assert f"/{HEART}" in town.heard, "the address was asked, and it answered with an error"
    town.schedule("drift")
    town.form("true-up", month="2026-11")
    town.form("explain", account=COBALT, service="", day="")
    town.form("baseline", file="")
    town.form("accept", contract="5001", units="endpoint=1", others="", reason="x")
    assert shown(town) == {}


@pytest.mark.parametrize("path", ["/security/authenticate", "/finance/contracts"])
def test_where_bms_repeats_what_it_was_sent(secretive: Town, path: str) -> None:
    town, town.gate.echo = secretive, path
    try:
        work(town)
    finally:
        town.gate.echo = None
    assert any("I do not like" in job.output for job in town.runner.done), "it was told"
    assert shown(town) == {}


@pytest.mark.parametrize("part", ["rest", "git"])
def test_where_github_repeats_the_token(secretive: Town, part: Literal["rest", "git"]) -> None:
    town, town.hub.echo = secretive, part
    try:
        work(town)
    finally:
        town.hub.echo = None
    assert any("Not that way" in job.output for job in town.runner.done), "it was told"
    assert shown(town) == {}
