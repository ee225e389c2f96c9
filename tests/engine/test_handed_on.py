"""Which lines of one configuration others name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reconciler.engine.handed_on import handed_on
from reconciler.engine.periods import DAY
from reconciler.model.desired import DesiredState, Reference
from tests.engine import builders as make
from tests.engine.play import brass


def state(
    account: Reference,
    contract: Reference,
    service: Reference,
    name: str = "endpoint",
    *,
    last: date | None = None,
) -> DesiredState:
    """One line, by what it is called."""
    made = make.desired_account(
        replace(make.line(), bms_service=service, service=name, last_day=last)
    )
    (under,) = made.contracts
    made = replace(made, account=account, contracts=(replace(under, contract=contract),))
    return replace(brass(10).entry(date(2026, 1, 2)).state, accounts=(made,))


TODAY = date(2026, 11, 23)
BRASS, HOME, ENDPOINT = (Reference(name=one) for one in ("Brass", "Managed", "Endpoint"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Reference(1, "Brass"), Reference(1, "Brass Ltd"), True),
        (Reference(1, "Brass"), Reference(2, "Brass"), False),
        (Reference(1, "Brass"), Reference(name="Brass"), True),
        (Reference(name="Brass"), Reference(name="brass"), False),
        (Reference(1), Reference(1), True),
        (Reference(1), Reference(name="Brass"), False),
    ],
)
def test_a_line_is_known_by_the_ids_of_what_it_is_on_else_by_the_names(
    one: Reference, other: Reference, *, same: bool
) -> None:
    for old, new in (
        (state(one, HOME, ENDPOINT), state(other, HOME, ENDPOINT)),
        (state(BRASS, one, ENDPOINT), state(BRASS, other, ENDPOINT)),
        (state(BRASS, HOME, one, "a"), state(BRASS, HOME, other, "b")),
    ):
        found = handed_on(old, {"eu": new}, TODAY)
        assert (len(found.lost), list(found.taken)) == ((0, ["eu"]) if same else (1, []))


def test_our_own_name_of_a_service_decides_where_nothing_else_can() -> None:
    old = state(BRASS, HOME, Reference(1201))
    assert handed_on(old, {"eu": state(BRASS, HOME, ENDPOINT)}, TODAY).lost == ()
    assert handed_on(old, {"eu": state(BRASS, HOME, Reference(1202))}, TODAY).lost != ()


def test_the_first_that_names_a_line_takes_it() -> None:
    one = state(BRASS, HOME, ENDPOINT)
    found = handed_on(one, {"other": state(BRASS, ENDPOINT, HOME), "b": one, "a": one}, TODAY)
    assert {name: len(lines) for name, lines in found.taken.items()} == {"b": 1}


@pytest.mark.parametrize(("last", "lost"), [(TODAY - DAY, 0), (TODAY, 1)])
def test_a_line_that_has_ended_is_not_lost(last: date, lost: int) -> None:
    old = state(BRASS, HOME, ENDPOINT, last=last)
    assert len(handed_on(old, {}, TODAY).lost) == lost
    assert len(handed_on(old, {"eu": old}, TODAY).taken) == lost
