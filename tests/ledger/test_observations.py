"""What BMS said comes back exactly, and is stored again only where it changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import Ledger, open_ledger
from reconciler.model.bms import Account, CatalogueService, Contract, Invoice, Observation, Row
from tests.ledger.making import NOW, day, rows

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
money = st.decimals(min_value=-1000, max_value=1000, places=2) | st.just(Decimal("4.1000"))
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
ids = st.integers(1, 50)


def contract(id_: int, total: str = "220.00") -> Contract:
    return Contract(
        id_, 1001, "Managed", "Recurring", "Active", "Monthly", day(1), day(30), Decimal(total)
    )


def row(id_: int, of: int, price: str = "22.00") -> Row:
    return Row(id_, of, 1001, 1201, "Server", "about", day(1), Decimal(price), Decimal("10.5"))


OBSERVATION = Observation(
    accounts=(Account(1001, "Brass", currency="USD"), Account(1002, "Oak", is_active=False)),
    contracts=(contract(2), contract(1)),
    services=(CatalogueService(1201, "Server", Decimal("22.00"), Decimal("4.10"), "x"),),
    rows=(row(5, 2), row(4, 2), row(9, 1)),
    invoices=(
        Invoice(1, 2, day(1), day(30)),
        Invoice(3, 2, day(1), day(30), day(2)),
        Invoice(4, 2, day(1), day(30), day(2), NOW),
    ),
    searched=frozenset({1201, 1202}),
    wide=frozenset({2}),
    read_at=NOW,
    day=day(21),
)


def test_before_the_first_reading_there_is_none(ledger: Ledger) -> None:
    assert ledger.load_observation() is None


def test_an_observation_comes_back_with_every_digit(ledger: Ledger) -> None:
    ledger.save_observation(OBSERVATION)
    loaded = ledger.load_observation()
    assert loaded == OBSERVATION
    assert loaded is not None
    assert str(loaded.services[0].cost) == "4.10"


def test_an_observation_of_nothing_comes_back(ledger: Ledger) -> None:
    ledger.save_observation(Observation())
    assert ledger.load_observation() == Observation()


def test_only_what_changed_is_stored_again(ledger: Ledger, path: Path) -> None:
    assert ledger.save_observation(OBSERVATION) == 5
    assert ledger.save_observation(replace(OBSERVATION, read_at=NOW + timedelta(hours=1))) == 0
    changed = replace(OBSERVATION, contracts=(contract(2, "242.00"), contract(1)))
    assert ledger.save_observation(changed) == 1
    assert rows(path, "SELECT kind, item FROM bms_snapshot ORDER BY id DESC LIMIT 1") == [
        ("contract", 2)
    ]
    assert ledger.load_observation() == changed


def test_an_unchanged_observation_still_says_when_it_was_read(ledger: Ledger) -> None:
    ledger.save_observation(OBSERVATION)
    later = replace(OBSERVATION, read_at=NOW + timedelta(hours=1), day=day(22))
    ledger.save_observation(later)
    assert ledger.load_observation() == later


def test_a_contract_that_is_gone_and_comes_back(ledger: Ledger) -> None:
    ledger.save_observation(OBSERVATION)
    without = replace(OBSERVATION, contracts=(contract(1),), rows=(row(9, 1),), invoices=())
    ledger.save_observation(without)
    assert ledger.load_observation() == without
    ledger.save_observation(OBSERVATION)
    assert ledger.load_observation() == OBSERVATION


def test_rows_of_a_contract_that_was_not_listed_are_kept(ledger: Ledger) -> None:
    stray = replace(OBSERVATION, rows=(*OBSERVATION.rows, row(11, 77)))
    ledger.save_observation(stray)
    assert ledger.load_observation() == stray


observations = st.builds(
    Observation,
    accounts=st.lists(st.builds(Account, ids, texts, st.booleans(), st.none() | texts)).map(tuple),
    contracts=st.lists(
        st.builds(Contract, ids, ids, texts, texts, texts, texts, days, days, money),
        unique_by=lambda one: one.id,
    ).map(tuple),
    services=st.lists(
        st.builds(CatalogueService, ids, texts, money, money, texts, st.booleans())
    ).map(tuple),
    rows=st.lists(
        st.builds(Row, ids, ids, ids, ids, texts, texts, days, money, money, st.booleans())
    ).map(tuple),
    invoices=st.lists(st.builds(Invoice, ids, ids, days, days)).map(tuple),
    searched=st.frozensets(ids),
    wide=st.frozensets(ids),
    read_at=st.just(NOW),
    day=st.none() | days,
)


def by_contract(observation: Observation) -> Observation:
    order = [one.id for one in observation.contracts]
    order += [row.contract_id for row in observation.rows]
    order += [invoice.contract_id for invoice in observation.invoices]
    return replace(
        observation,
        rows=tuple(sorted(observation.rows, key=lambda one: order.index(one.contract_id))),
        invoices=tuple(sorted(observation.invoices, key=lambda one: order.index(one.contract_id))),
    )


@settings(max_examples=30)
@given(st.lists(observations, min_size=1, max_size=3))
def test_whatever_came_before_the_newest_observation_is_loaded(seen: list[Observation]) -> None:
    with TemporaryDirectory() as folder, open_ledger(Path(folder) / "l.db", tenant=None) as ledger:
        for observation in seen:
            ledger.save_observation(observation)
        assert ledger.load_observation() == by_contract(seen[-1])
