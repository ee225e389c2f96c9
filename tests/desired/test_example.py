"""The working example fits the customers that the sandbox knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.catalog import load_catalogue
from reconciler.desired import connection, load
from reconciler.model.desired import DesiredLine, DesiredState
from reconciler.sandbox.example import example_services
from reconciler.sandbox.example.clients import clients, organizations

TOP = Path(__file__).parents[2] / "billing-config"


@pytest.fixture(scope="module")
def state() -> DesiredState:
    return load(TOP)


def lines(state: DesiredState) -> list[DesiredLine]:
    return [line for one in state.accounts for held in one.contracts for line in held.lines]


def test_accounts_and_organizations_are_the_sandboxs(state: DesiredState) -> None:
    names = {one.id: one.name for one in clients()}
    known = {(one.account, one.product, one.name) for one in organizations()}
    assert len(state.accounts) == 15
    for account in state.accounts:
        assert account.account.id is not None
        assert names[account.account.id] == account.account.name
        for product, mapped in account.organizations.items():
            for one in mapped:
                assert (account.account.name, product, one.name) in known


def test_services_are_in_the_sandboxs_catalogue(state: DesiredState) -> None:
    assert {str(one.bms_service) for one in lines(state)} <= {
        one.name for one in example_services()
    }


def test_every_metric_of_the_catalogue_is_counted_by_a_service(state: DesiredState) -> None:
    counted = {
        (term.product, term.metric)
        for line in lines(state)
        for dated in line.settings
        for term in dated.settings.count
    }
    known = {(one.id, metric) for one in load_catalogue().values() for metric in one.metrics}
    assert counted == known


def test_the_example_shows_what_the_configuration_can_do(state: DesiredState) -> None:
    settings = [dated.settings for line in lines(state) for dated in line.settings]
    assert {account.mode for account in state.accounts} == {"observe", "propose", "apply"}
    assert any(one.included for one in settings)
    assert any(one.minimum for one in settings)
    assert any(one.fixed for one in settings)
    assert any(one.per != 1 for one in settings)
    assert any(one.policy == "month-end" for one in settings)
    assert any(term.subtract for one in settings for term in one.count)
    assert any(line.last_day for line in lines(state))
    assert any(len(line.settings) > 1 for line in lines(state))
    assert any(len(named) > 1 for one in state.accounts for named in one.organizations.values())
    assert any(held.every_service for one in state.accounts for held in one.contracts)
    assert any(one.exclusions for one in state.accounts)
    assert any(one.waivers for one in state.accounts)
    assert state.assumptions.unset == ()


def test_the_example_connects_to_this_machine_alone() -> None:
    made = connection(TOP, {"BMS_USERNAME": "u", "BMS_PASSWORD": "p"})
    assert made.url == "http://127.0.0.1:8480"
