from __future__ import annotations

import json

import pytest

from reconciler.runs.holder import login
from tests.cli.shop import BRASS, Shop


def test_before_the_first_write(shop: Shop) -> None:
    shown = shop("history")
    assert (shown.code, shown.out) == (0, "Nothing was written yet.\n")


def test_every_write_is_named_with_who_let_it(shop: Shop) -> None:
    shop("apply", "--yes", "--who", "Sam")
    shown = shop("history")
    assert shown.code == 0
    assert "2 of 2 changes written" in shown.out
    assert "Sam, --yes" in shown.out
    assert shown.out.count("let by Sam (--yes)") == 2
    assert f"{BRASS} / Managed" in shown.out
    assert "10 -> 12  written" in shown.out


@pytest.mark.parametrize(
    ("who", "job", "told"),
    [
        (("--who", "Sam"), "maria", "Sam: by phone"),
        ((), "maria", "maria: by phone"),
        ((), "", f"{login()}: by phone"),
    ],
)
def test_what_was_taken_over_stands_there_with_who_did_and_why(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, who: tuple[str, ...], job: str, told: str
) -> None:
    """In a job on GitHub it is whoever started it."""
    monkeypatch.setenv("GITHUB_ACTOR", job)
    shop.calm()
    shop("apply", "--yes")
    row = shop.sandbox.ui.read_units()[0]
    shop("drift", "--accept", str(row.contract_id), "--reason", "by phone", *who)
    assert told in " ".join(shop("history").out.split())
    (run, *_) = json.loads(shop("history", "--format", "json").out)["runs"]
    assert (run["kind"], run["detail"]) == ("drift --accept", told)


def test_json_and_limit(shop: Shop) -> None:
    shop("apply", "--yes")
    shown = json.loads(shop("history", "--format", "json", "--limit", "1").out)
    assert [run["kind"] for run in shown["runs"]] == ["apply"]
    (write,) = shown["writes"]
    assert write["outcome"] == "answered"
    assert write["approved_by"].endswith(" (--yes)")


def test_a_limit_of_none_is_wrong_usage(shop: Shop) -> None:
    assert shop("history", "--limit", "0").code == 2


def test_what_is_left_out_is_said_and_shown_when_asked_for(shop: Shop) -> None:
    shop("apply", "--yes")
    shown = shop("history", "--limit", "1").out
    assert "The newest 1 of 2 writes; --limit N or --all shows more." in shown
    assert "newest" not in shop("history", "--all").out
    whole = json.loads(shop("history", "--all", "--format", "json").out)
    assert len(whole["writes"]) == whole["all"]["writes"] == 2


def test_a_write_that_was_held_names_its_approval(shop: Shop) -> None:
    shop("approve", "--reason", "new office")
    shop("apply", "--yes", "--who", "Sam")
    assert shop("history").out.count("approved:") == 1
    writes = json.loads(shop("history", "--format", "json").out)["writes"]
    told = sorted({write["approval"] for write in writes})
    assert told == ["", "billing-config/approvals/2026-11.yaml: new office"]
