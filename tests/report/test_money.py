from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import finding
from reconciler.report.money import amount, of_finding, price, signed, with_code

MONEY = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("1234.5", "USD", "1,234.50"),
        ("1234.5", "JPY", "1,235"),
        ("1234.5", "KWD", "1,234.500"),
        ("0.005", "EUR", "0.01"),
        ("-0.005", "EUR", "-0.01"),
        ("-0.004", "EUR", "0.00"),
        ("1E+3", "USD", "1,000.00"),
    ],
)
def test_amount_has_the_currencys_digits(value: str, currency: str, text: str) -> None:
    assert amount(Decimal(value), currency) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("12", "+12.00"), ("-12", "-12.00"), ("0", "0.00"), ("0.001", "0.00"), ("-0.001", "0.00")],
)
def test_a_movement_says_its_direction_and_zero_has_none(value: str, text: str) -> None:
    assert signed(Decimal(value), "USD") == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        ("22", "USD", "22.00"),
        ("0.085", "USD", "0.085"),
        ("4.10", "USD", "4.10"),
        ("1500.0", "JPY", "1,500"),
        ("1E+3", "JPY", "1,000"),
    ],
)
def test_a_price_is_never_rounded(value: str, currency: str, text: str) -> None:
    assert price(Decimal(value), currency) == text


@given(MONEY, st.sampled_from(["USD", "JPY", "KWD"]))
def test_an_amount_is_within_half_a_minor_unit(value: Decimal, currency: str) -> None:
    digits = {"USD": 2, "JPY": 0, "KWD": 3}[currency]
    read = Decimal(amount(value, currency).replace(",", ""))
    assert abs(read - value) <= Decimal(5).scaleb(-digits - 1)


@given(MONEY)
def test_a_price_reads_back_exactly(value: Decimal) -> None:
    assert Decimal(price(value, "USD").replace(",", "")) == value


def test_the_code_follows_the_amount() -> None:
    assert with_code("1.00", "EUR") == "1.00 EUR"


@pytest.mark.parametrize(
    ("code", "money", "text"),
    [
        ("GRD001", "190", "190.00 USD"),
        ("GRD006", "-190", "-190.00 USD per month"),
        ("KNW002", "66", "+66.00 USD per month"),
        ("KNW002", "0", ""),
    ],
)
def test_what_a_guard_holds_may_go_either_way(code: str, money: str, text: str) -> None:
    assert of_finding(finding(code, "told", money=Decimal(money)), "USD") == text
