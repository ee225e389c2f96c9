"""An approval fits in every field, and counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.approvals import Permits, awaits_approval, is_approved, permits
from reconciler.model.approval import Approval
from reconciler.model.plan import Standing
from tests.engine.builders import approval
from tests.engine.test_guards import AS_OF, change

RISE = change("a", 10, 20)


def permitted(*approvals: Approval, written: int = 0) -> Permits:
    return permits([RISE], approvals, {RISE.id: written} if written else {})


def test_an_approval_that_fits_lets_its_change_pass() -> None:
    found = permitted(approval(RISE))
    assert (set(found.approved), found.denied, found.findings) == ({"a"}, frozenset(), ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "Somebody Else"},
        {"contract": "Projects"},
        {"service": "server"},
        {"from_units": 11},
        {"to_units": 21},
        {"day": date(2026, 3, 9)},
        {"monthly": Decimal("200.01")},
    ],
)
def test_one_wrong_field_is_said_and_denies(wrong: dict[str, Any]) -> None:
    found = permitted(approval(RISE, **wrong))
    assert not found.approved
    assert found.denied == {"a"}
    (said,) = found.findings
    ((name, value),) = wrong.items()
    assert said.code == "GRD007"
    assert f"{name} {value} where the change has" in said.message


def test_an_entry_that_fits_outweighs_one_that_does_not() -> None:
    found = permitted(approval(RISE, to_units=21), approval(RISE))
    assert (set(found.approved), found.denied, found.findings) == ({"a"}, frozenset(), ())


def test_another_changes_approval_says_nothing() -> None:
    found = permitted(replace(approval(RISE), change="b"))
    assert (set(found.approved), found.denied) == (set(), frozenset())


@pytest.mark.parametrize("written", [1, 2, 3, 7])
def test_each_time_a_change_was_written_has_used_an_approval_up(written: int) -> None:
    given = [approval(RISE)] * written
    spent = permitted(*given, written=written)
    assert (set(spent.approved), spent.denied) == (set(), frozenset())
    assert permitted(*given, approval(RISE), written=written).approved.keys() == {"a"}


def test_a_price_may_be_dated_anew() -> None:
    price = replace(RISE, kind="price")
    given = approval(price, day=AS_OF - timedelta(days=3))
    assert is_approved(price, [given], {})
    assert not is_approved(RISE, [given], {})


@pytest.mark.parametrize(
    ("standing", "because", "waits"),
    [
        ("proposed", (), True),
        ("held", ("GRD001", "TRU002"), True),
        ("held", ("GRD001", "POL003"), False),
        ("scheduled", ("TRU001",), True),
        ("scheduled", ("TRU001", "GRD001"), True),
        ("scheduled", ("TRU001", "POL003"), False),
        ("scheduled", ("POL001",), False),
        ("ready", (), False),
        ("observed", ("GRD001",), False),
        ("by-hand", ("MOD004",), False),
    ],
)
def test_an_approval_is_asked_for_only_where_it_would_let_the_change_be_written(
    standing: Standing, because: tuple[str, ...], waits: bool
) -> None:
    assert awaits_approval(change("a", 10, 20, standing=standing, because=because)) is waits


def test_the_price_that_an_approval_names_must_be_the_one() -> None:
    price = replace(RISE, kind="price", price=Decimal(24))
    assert is_approved(price, [approval(price, price=Decimal("24.00"))], {})
    assert not is_approved(price, [approval(price, price=Decimal(25))], {})
