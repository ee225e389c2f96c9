from __future__ import annotations

import pytest

from reconciler.model.desired import DesiredState, OrganizationRef, Reference
from reconciler.model.errors import WrongUsage
from reconciler.runs.account_names import AS_WRITTEN, check_accounts
from tests.engine.builders import desired_account
from tests.engine.test_allowances import state

OTHER = desired_account(
    account=Reference(id=1002, name="Prime Consulting Group"),
    organizations={"datto-edr": (OrganizationRef(id="P-7", name="Prime"),)},
)


@pytest.fixture
def known() -> DesiredState:
    return state(desired_account(), OTHER)


@pytest.mark.parametrize(
    ("named", "remedy"),
    [
        ("Brass Bilding Supplies", "did you mean 'Brass Building Supplies'?"),
        ("brass building supplies", "did you mean 'Brass Building Supplies'?"),
        ("consulting", "did you mean 'Prime Consulting Group'?"),
        ("#1002", "did you mean 'Prime Consulting Group'? The id alone is no name here"),
        (
            "prime",
            "did you mean 'Prime Consulting Group'? That is an organization of it in datto-edr",
        ),
        (
            "P-7",
            "did you mean 'Prime Consulting Group'? That is an organization of it in datto-edr",
        ),
        ("Amber Accounting Group", AS_WRITTEN),
        (" ", AS_WRITTEN),
    ],
)
def test_who_may_be_meant(known: DesiredState, named: str, remedy: str) -> None:
    with pytest.raises(WrongUsage) as raised:
        check_accounts(known, (named,))
    assert raised.value.remedy == remedy


def test_all_that_the_configuration_has_are_fine(known: DesiredState) -> None:
    check_accounts(known, ("Brass Building Supplies", "Prime Consulting Group"))
