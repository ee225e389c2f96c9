"""The choices a sandbox is made with."""

from __future__ import annotations

from dataclasses import fields

import pytest

from reconciler.sandbox import Behaviour, Sandbox, SandboxError
from tests.sandbox.conftest import TODAY


def test_choices_given_as_text_are_typed() -> None:
    changed = Behaviour().changed({"line_update": "upsert", "page_base": "0", "page_cap": "7"})
    assert (changed.line_update, changed.page_base, changed.page_cap) == ("upsert", 0, 7)


def test_a_behaviour_survives_its_file() -> None:
    behaviour = Behaviour(line_update="upsert", day_count="30-360", time_zone="Europe/Berlin")
    assert Behaviour.from_json(behaviour.to_json()) == behaviour


def test_a_sandbox_behaves_as_it_was_made() -> None:
    behaviour = Behaviour(total_price="all")
    assert Sandbox.create(":memory:", behaviour=behaviour, now=TODAY).behaviour == behaviour


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"line_updates": "append"}, "no behaviour is called 'line_updates'"),
        ({"line_update": "both"}, "line_update cannot be 'both'"),
        ({"page_cap": "0"}, "page_cap cannot be 0"),
        ({"page_cap": "many"}, "page_cap cannot be 'many'"),
        ({"time_zone": "Mars/Base"}, "no time zone is called 'Mars/Base'"),
    ],
)
def test_a_choice_nobody_knows_is_an_error(options: dict[str, str], complaint: str) -> None:
    with pytest.raises(SandboxError, match=complaint) as caught:
        Behaviour().changed(options)
    assert caught.value.remedy


def test_every_choice_is_explained() -> None:
    text = Behaviour.__doc__ or ""
    silent = {"time_zone", "access_token_seconds", "refresh_token_seconds"}
    assert {field.name for field in fields(Behaviour) if field.name not in text} == silent
