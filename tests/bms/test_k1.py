from __future__ import annotations

import pytest

from reconciler.bms.calls import K1_MAPPINGS
from reconciler.bms.k1 import K1Mapping, K1Module, K1Organization
from reconciler.sandbox import Behaviour
from tests.bms.stage import Stage, stage


@pytest.fixture(params=["camel", "pascal"])
def here(request: pytest.FixtureRequest) -> Stage:
    here = stage(Behaviour(field_names=request.param, page_cap=2))
    sandbox = here.sandbox
    for module, name in ((7, "Datto RMM"), (8, "Datto EDR")):
        sandbox.add_module(module, name)
        sandbox.add_organization(module, "org-1", "Brass")
        sandbox.add_organization(module, "org-2", "Brass Warehouse", parent_id="org-1")
    accounts = [sandbox.add_account(name) for name in ("Brass", "Cobalt", "Copper")]
    for account in accounts:
        sandbox.add_mapping(account, 7, "org-1")
    sandbox.add_mapping(accounts[2], 7, "org-2")
    sandbox.add_mapping(accounts[2], 8, "org-1")
    return here


def test_modules_are_listed(here: Stage) -> None:
    assert here.client().k1_modules() == (K1Module(7, "Datto RMM"), K1Module(8, "Datto EDR"))


def test_the_status_tells_whether_bms_is_connected(here: Stage) -> None:
    status = here.client().status()
    assert status.is_connected == (status.organization_id is not None)


def test_mappings_come_by_account_and_product_over_all_pages(here: Stage) -> None:
    found = here.client().k1_mappings([7, 8])
    mapped = [mapping for mapping in found if mapping.organizations]
    assert [(mapping.account, mapping.product_id) for mapping in mapped] == [
        ("Brass", 7),
        ("Cobalt", 7),
        ("Copper", 7),
        ("Copper", 8),
    ]
    assert mapped[2] == K1Mapping(
        mapped[2].account_id,
        "Copper",
        7,
        (K1Organization("org-1", "Brass"), K1Organization("org-2", "Brass Warehouse", "org-1")),
    )


def test_no_product_needs_no_call(here: Stage) -> None:
    assert here.client().k1_mappings([]) == ()
    assert here.wire.count(K1_MAPPINGS) == 0
