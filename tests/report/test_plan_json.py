from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.errors import PlanError
from reconciler.report.plan_json import dumps, loads, plan_schema
from tests.report.example import CHANGES, IN_STEP, PLAN


def document() -> dict[str, Any]:
    read = json.loads(dumps(PLAN))
    assert isinstance(read, dict)
    return read


def test_a_plan_survives_the_round_trip() -> None:
    assert loads(dumps(PLAN)) == PLAN


def test_the_same_plan_is_the_same_bytes() -> None:
    turned = replace(PLAN, assumptions=dict(reversed(PLAN.assumptions.items())))
    assert dumps(turned) == dumps(PLAN) == dumps(loads(dumps(PLAN)))


def test_it_ends_with_a_newline_and_sorts_its_keys() -> None:
    text = dumps(PLAN)
    assert text.endswith("}\n")
    assert list(document()) == sorted(document())


@given(st.text(max_size=20))
def test_any_name_can_be_written_and_read(name: str) -> None:
    plan = replace(IN_STEP, tenant=name)
    assert loads(dumps(plan).encode()) == plan


def test_half_a_character_from_outside_does_not_stop_the_plan_from_being_written() -> None:
    text = dumps(replace(IN_STEP, tenant="a\ud800b"))
    assert loads(text.encode()).tenant == "a\N{REPLACEMENT CHARACTER}b"


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_money_keeps_every_digit(money: Decimal) -> None:
    change = replace(CHANGES[0], price=money)
    assert loads(dumps(replace(IN_STEP, changes=(change,)))).changes[0].price == money


def test_money_is_text_without_exponent() -> None:
    change = replace(CHANGES[0], price=Decimal("1E+3"))
    written = json.loads(dumps(replace(IN_STEP, changes=(change,))))
    assert written["changes"][0]["price"] == "1000"


@pytest.mark.parametrize("version", ["2.0", "0.9", "10.0"])
def test_another_major_version_is_refused_by_name(version: str) -> None:
    with pytest.raises(PlanError, match=f"format {version}"):
        loads(json.dumps(document() | {"format_version": version}))


@pytest.mark.parametrize("version", [None, 1, "one", "1", "1.0.0", "", "١.٠"])
def test_a_version_that_is_none_is_refused(version: object) -> None:
    with pytest.raises(PlanError, match="format_version"):
        loads(json.dumps(document() | {"format_version": version}))


def test_fields_of_a_newer_minor_are_ignored() -> None:
    newer = document() | {"format_version": "1.7", "weather": "sunny"}
    newer["changes"][0]["mood"] = "good"
    assert loads(json.dumps(newer)) == replace(PLAN, format_version="1.7")


@pytest.mark.parametrize("text", ["", "{", "[1]", '"plan"', "null", "[" * 100_000])
def test_what_is_not_a_plan_is_refused_as_such(text: str) -> None:
    with pytest.raises(PlanError, match="not a plan"):
        loads(text)


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(PlanError, match="not a plan"):
        loads(b'{"a": "\xff"}')


def test_a_missing_field_is_named_with_its_place() -> None:
    broken = document()
    del broken["changes"][2]["money"]["monthly"]
    with pytest.raises(PlanError, match=r"changes\.2\.money\.monthly: .*[Rr]equired"):
        loads(json.dumps(broken))


def test_many_problems_are_summed_up() -> None:
    with pytest.raises(PlanError, match=r"and \d+ more"):
        loads('{"format_version": "1.0"}')


def test_a_float_near_money_is_refused() -> None:
    broken = document()
    broken["changes"][0]["price"] = 22.1
    with pytest.raises(PlanError, match="would lose digits"):
        loads(json.dumps(broken))


@pytest.mark.parametrize(
    ("field", "value"), [("units_after", "44"), ("standing", "maybe"), ("day", "15.11.2026")]
)
def test_a_value_of_the_wrong_kind_is_refused(field: str, value: object) -> None:
    broken = document()
    broken["changes"][0][field] = value
    with pytest.raises(PlanError, match=rf"changes\.0\.{field}"):
        loads(json.dumps(broken))


def test_errors_say_what_to_do() -> None:
    with pytest.raises(PlanError) as caught:
        loads("{}")
    assert caught.value.remedy


def test_the_schema_is_valid_and_accepts_what_is_written() -> None:
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for plan in (PLAN, IN_STEP):
        validator.validate(json.loads(dumps(plan)))


@pytest.mark.parametrize(
    ("field", "value"), [("as_of", "yesterday"), ("changes", {}), ("format_version", "2.0")]
)
def test_the_schema_refuses_what_reading_refuses(field: str, value: object) -> None:
    broken = document() | {field: value}
    validator = jsonschema.Draft202012Validator(
        plan_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert not validator.is_valid(broken)
    with pytest.raises(PlanError):
        loads(json.dumps(broken))


def test_the_schema_is_the_same_every_time() -> None:
    assert json.dumps(plan_schema()) == json.dumps(plan_schema())
