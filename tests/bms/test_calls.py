from __future__ import annotations

import ast
from pathlib import Path

import pytest

import reconciler.bms
from reconciler.bms import calls
from reconciler.sandbox import Behaviour
from reconciler.sandbox.transport import SandboxTransport
from tests import vendor_contract
from tests.bms.exercise import everything
from tests.bms.stage import DateZone, Watched, call_of, stage


def test_a_field_that_is_not_on_the_list_is_never_sent() -> None:
    with pytest.raises(ValueError, match=r"Filter\.AccountId"):
        calls.ROWS.check({"PageSize": 1, "Filter": {"AccountId": 4}})
    with pytest.raises(ValueError, match=r"\[\]\.SortOrder"):
        calls.POST_ROW.check([{"ServiceId": 1, "SortOrder": 0}])


def test_fields_are_named_by_their_path() -> None:
    body = {"Values": {"UnitPrice": 1}, "Selected": [{"Id": 1}, {"Id": 2}], "Ids": [1]}
    assert set(calls.names(body)) == {"Values.UnitPrice", "Selected[].Id", "Ids[]"}


def test_only_two_calls_write() -> None:
    writes = {call.path for call in calls.ALL if call.effect == "write"}
    assert writes == {calls.POST_ROW.path, calls.REPRICE.path}


def test_every_call_of_the_module_is_on_the_list() -> None:
    named = {value for value in vars(calls).values() if isinstance(value, calls.Call)}
    assert named == set(calls.ALL)
    assert len({call.endpoint for call in calls.ALL}) == len(calls.ALL)


def test_no_other_module_spells_a_path_of_its_own() -> None:
    for module in Path(reconciler.bms.__file__).parent.glob("*.py"):
        if module.name != "calls.py":
            constants = [
                node.value
                for node in ast.walk(ast.parse(module.read_text()))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            assert not [text for text in constants if text.startswith("/v2/")]


def test_every_call_is_made_by_the_client() -> None:
    here = stage()
    everything(here)
    assert {call_of(request) for request in here.wire.requests} == set(calls.ALL)


@pytest.mark.skipif(
    not vendor_contract.available(), reason="the vendor's document is not beside the project"
)
@pytest.mark.parametrize("date_zone", ["local", "utc"])
def test_requests_and_answers_fit_the_vendors_document(date_zone: DateZone) -> None:
    here = stage(Behaviour(field_names="pascal", date_zone=date_zone))
    checking = vendor_contract.ContractCheckingTransport(SandboxTransport(here.sandbox.app))
    here.wire = Watched(checking)
    everything(here)
    assert checking.violations == []
    assert checking.succeeded == {(call.method, call.path) for call in calls.ALL}


@pytest.mark.skipif(
    not vendor_contract.available(), reason="the vendor's document is not beside the project"
)
@pytest.mark.parametrize("call", calls.ALL, ids=lambda call: call.endpoint)
def test_each_call_of_the_list_is_documented(call: calls.Call) -> None:
    operation = vendor_contract.vendor_document().operation(
        call.method, call.address({"serviceId": 1, "contractId": 1})
    )
    assert operation is not None
    assert operation.template == call.path
    if call.carries == "query":
        assert call.fields <= operation.query_names()
