"""Against the sandbox's own invoices: what it bills is what the ledger expects, to the cent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from reconciler.model.verification import ServiceCheck, Verification
from reconciler.sandbox import InvoiceItem
from tests.engine.billing_story import DECEMBER, JANUARY, NOVEMBER, Story, story

PRICES = ("7.05", "0.15", "19.99", "10.00", "2500.00", "0.333")
CONVENTIONS = list(product(("actual", "fixed-30", "30-360"), ("billed", "free")))
MONTHS = (NOVEMBER, DECEMBER, JANUARY)

settled = settings(
    max_examples=12,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@st.composite
def events(draw: st.DrawFn) -> list[tuple[int, int, str, int, int]]:
    """(day of the story, hour, service, days it is dated back, change of units)."""
    return sorted(
        draw(
            st.lists(
                st.tuples(
                    st.integers(0, 91),
                    st.sampled_from([3, 20]),
                    st.sampled_from(["alpha", "beta"]),
                    st.integers(0, 25),
                    st.integers(-3, 4).filter(bool),
                ),
                max_size=14,
            )
        )
    )


def tell(told: Story, happens: list[tuple[int, int, str, int, int]]) -> None:
    """Three months of writes; BMS bills at six in the morning of each first of a month."""
    billed = 0
    newest = {"alpha": NOVEMBER, "beta": NOVEMBER}
    ends = [*MONTHS, date(2027, 2, 1)]
    for offset, hour, name, back, change in [*happens, (92, 20, "", 0, 0)]:
        day = NOVEMBER + timedelta(days=offset)
        while billed < len(ends) and (ends[billed], 6) < (day, hour):
            told.at(ends[billed], 6)
            if told.invoice == "start" and billed < len(MONTHS):
                told.bill(MONTHS[billed])
            elif told.invoice == "end" and billed:
                told.bill(MONTHS[billed - 1])
            billed += 1
        if not name or told.units(name) + change < 1:
            continue
        told.at(day, hour)
        dated = max(NOVEMBER, day - timedelta(days=back))
        if told.upsert:
            # What BMS does with a step before the newest is not known: no plan writes one.
            dated = max(dated, newest[name])
        newest[name] = dated
        told.move(name, dated, change)
    told.at(date(2027, 2, 2))


@pytest.mark.parametrize(("day_count", "change_day"), CONVENTIONS)
@given(
    happens=events(),
    line_update=st.sampled_from(["append", "upsert"]),
    invoice=st.sampled_from(["start", "end"]),
    prices=st.tuples(st.sampled_from(PRICES), st.sampled_from(PRICES)),
)
@settled
def test_months_of_changes_are_billed_as_the_ledger_expects(
    day_count: str,
    change_day: str,
    happens: list[tuple[int, int, str, int, int]],
    line_update: str,
    invoice: Any,
    prices: tuple[str, str],
) -> None:
    behaviour = {"day_count": day_count, "change_day": change_day, "line_update": line_update}
    with story(invoice=invoice, **behaviour) as told:
        told.line("alpha", 10, prices[0])
        told.line("beta", 3, prices[1])
        tell(told, happens)
        for month in MONTHS:
            found = told.verify(month)
            assert [(f.code, f.message) for f in found.findings] == []
            assert found.count("matched") == 2
            notes = [note for check in found.invoices for s in check.services for note in s.notes]
            assert not [note for note in notes if "due on an earlier" in note]


def usual(told: Story) -> None:
    """Ten alphas at 20.00, three betas at 7.05; two alphas more and a beta less in November, after
    it was billed in advance; December is about to be billed."""
    told.line("alpha", 10, "20.00")
    told.line("beta", 3, "7.05")
    told.bill(NOVEMBER)
    told.at(date(2026, 11, 16))
    told.move("alpha", date(2026, 11, 16), 2)
    told.move("beta", date(2026, 11, 11), -1)
    told.at(DECEMBER)


Edit = Callable[[list[InvoiceItem]], list[InvoiceItem]]


def tampered(edit: Edit, **options: Any) -> Verification:
    """December, with the lines of its invoice edited."""
    with story(**options) as told:
        usual(told)
        told.bill(DECEMBER, edit(told.would_bill(DECEMBER)))
        return told.verify(DECEMBER)


def of(found: Verification, service: str) -> ServiceCheck:
    (check,) = found.invoices
    return next(one for one in check.services if one.service == service)


def edited(name: str, had: int, **fields: Any) -> Edit:
    """The newest line with that name and quantity gets other fields."""

    def edit(items: list[InvoiceItem]) -> list[InvoiceItem]:
        chosen = [item for item in items if (item.name, item.quantity) == (name, Decimal(had))]
        assert chosen
        return [replace(item, **fields) if item == chosen[-1] else item for item in items]

    return edit


def without(name: str, price: str | None = None) -> Edit:
    """Without the lines of that name, or without one of that price."""

    def edit(items: list[InvoiceItem]) -> list[InvoiceItem]:
        kept = [
            item
            for item in items
            if item.name != name or (price is not None and item.price != Decimal(price))
        ]
        assert len(kept) < len(items)
        return kept

    return edit


def test_an_invoice_left_alone_has_nothing_to_say() -> None:
    found = tampered(lambda items: items)
    assert (found.findings, found.count("matched"), found.waiting) == ((), 2, 0)
    alpha = of(found, "alpha")
    assert [(p.kind, p.units, p.days, p.of, str(p.per_line)) for p in alpha.parts] == [
        ("full", 10, 31, 31, "200.00"),
        ("full", 2, 31, 31, "40.00"),
        ("late", 2, 15, 30, "20.00"),
    ]
    assert (alpha.units, alpha.quantity, alpha.expected) == (14, Decimal(14), Decimal("260.00"))


@given(
    index=st.integers(0, 10),
    quantity=st.integers(-4, 15),
    cents=st.integers(0, 3000),
    keeps=st.sampled_from(["quantity", "price", "nothing"]),
)
@settings(max_examples=25)
def test_no_edited_line_goes_unseen(index: int, quantity: int, cents: int, keeps: str) -> None:
    def edit(items: list[InvoiceItem]) -> list[InvoiceItem]:
        old = items[index % len(items)]
        new = replace(
            old,
            quantity=old.quantity if keeps == "quantity" else Decimal(quantity),
            price=old.price if keeps == "price" else Decimal(cents) / 100,
        )
        assume(abs(new.quantity * new.price - old.quantity * old.price) >= Decimal("0.05"))
        return [new if item is old else item for item in items]

    assert tampered(edit).findings


def test_a_service_without_a_line_is_missing() -> None:
    found = tampered(without("beta"))
    assert [f.code for f in found.findings] == ["VER001"]
    assert "beta is not on it; expected 1 for 9.40 USD" in found.findings[0].message
    assert of(found, "alpha").status == "matched"


@pytest.mark.parametrize(
    ("quantity", "words"), [(8, "2 units fewer"), (11, "1 unit more"), (20, "10 units more")]
)
def test_other_units_are_named(quantity: int, words: str) -> None:
    found = tampered(edited("alpha", 10, quantity=Decimal(quantity)))
    assert [f.code for f in found.findings] == ["VER002"]
    assert of(found, "alpha").why == (f"units: {words} than the ledger knows, over a whole period",)


def test_another_price_is_named() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(10), Decimal("21.50"), NOVEMBER)])
        found = told.verify(NOVEMBER)
    assert [f.code for f in found.findings] == ["VER003"]
    assert of(found, "alpha").why == ("price: 21.50 for a unit, where the line has 20.00",)


def test_other_days_of_a_change_are_named() -> None:
    found = tampered(edited("alpha", 2, price=Decimal("8.00")))
    assert [f.code for f in found.findings] == ["VER003"]
    said = "days: the change of +2 from 2026-11-16 is billed for 12 days of 30, not 15"
    assert of(found, "alpha").why == (said,)


def test_a_cent_is_called_rounding() -> None:
    found = tampered(edited("alpha", 2, price=Decimal("10.005")))
    assert [f.code for f in found.findings] == ["VER003"]
    assert of(found, "alpha").why[0].startswith("rounding")


def test_a_change_billed_twice_is_named() -> None:
    found = tampered(lambda items: [*items, next(i for i in items if i.price == Decimal("10.00"))])
    assert [f.code for f in found.findings] == ["VER002"]
    assert of(found, "alpha").why == ("units: the change of +2 from 2026-11-16 is billed twice",)


def test_what_no_single_difference_explains_is_said_to_have_none() -> None:
    found = tampered(edited("alpha", 10, price=Decimal("17.37")))
    assert of(found, "alpha").why == ()
    assert "no single difference explains it" in found.findings[0].message


def test_the_same_money_for_other_units_is_no_match() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(5), Decimal("40.00"), NOVEMBER)])
        found = told.verify(NOVEMBER)
    assert of(found, "alpha").status == "quantity"
    assert of(found, "alpha").why == ("quantity: 5 billed for the money of 10 units",)


def test_a_service_that_the_contract_does_not_have_is_not_expected() -> None:
    gamma = InvoiceItem("gamma", Decimal(4), Decimal("3.00"), DECEMBER)
    found = tampered(lambda items: [*items, gamma])
    assert [f.code for f in found.findings] == ["VER004"]
    assert "gamma is on it with 4 for 12.00 USD" in found.findings[0].message


def test_a_line_that_ended_is_not_expected_any_more() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.move("alpha", NOVEMBER, -10)
        told.at(date(2026, 11, 5))
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(10), Decimal("20.00"), NOVEMBER)])
        found = told.verify(NOVEMBER)
    assert of(found, "alpha").status == "unexpected"


def test_a_line_of_a_service_that_is_not_ours_is_only_counted() -> None:
    other = InvoiceItem("Old  BACKUP", Decimal(1), Decimal("99.00"), DECEMBER)
    found = tampered(lambda items: [*items, other], others=frozenset({"old backup"}))
    assert found.findings == ()
    assert (found.invoices[0].outside, found.invoices[0].outside_amount) == (1, Decimal(99))


def test_a_change_that_no_invoice_bills_stays_open() -> None:
    found = tampered(without("alpha", "10.00"))
    assert [f.code for f in found.findings] == ["VER005"]
    assert "no invoice has billed the change of +2 from 2026-11-16 (+20.00)" in (
        found.findings[0].message
    )
    assert of(found, "alpha").status == "open"


def test_a_change_that_a_second_billing_job_bills_is_closed() -> None:
    with story() as told:
        usual(told)
        lines = told.would_bill(DECEMBER)
        told.bill(DECEMBER, without("alpha", "10.00")(lines))
        told.at(DECEMBER, 15)
        late = [item for item in lines if item.price == Decimal("10.00")]
        told.bill(NOVEMBER, late)
        november, december = told.verify(NOVEMBER), told.verify(DECEMBER)
    assert november.findings == december.findings == ()
    assert of(december, "alpha").status == "matched"
    assert "is on INV-" in " ".join(of(december, "alpha").notes)
    second = next(one for one in november.invoices if one.services[0].quantity == 2)
    assert "was due on an earlier invoice" in " ".join(second.services[0].notes)


def test_a_change_is_not_expected_twice() -> None:
    with story() as told:
        usual(told)
        told.bill(DECEMBER)
        lines = told.would_bill(JANUARY)
        late = InvoiceItem("alpha", Decimal(2), Decimal("10.00"), JANUARY)
        told.at(JANUARY)
        told.bill(JANUARY, [*lines, late])
        found = told.verify(JANUARY)
    assert of(found, "alpha").status == "quantity"


@pytest.mark.parametrize(("day_count", "change_day"), CONVENTIONS[1:])
def test_an_assumption_that_is_wrong_is_named(day_count: str, change_day: str) -> None:
    with story(day_count=day_count, change_day=change_day) as told:
        told.line("alpha", 10, "2500.00")
        told.at(date(2026, 12, 5))
        told.move("alpha", date(2026, 12, 5), 3)
        told.at(JANUARY)
        told.bill(DECEMBER)
        right = told.check(DECEMBER).services[0]
        wrong = told.check(DECEMBER, day_count="actual", change_day="billed").services[0]
    assert (right.status, wrong.status) == ("matched", "amount")
    assert f"`day_count: {day_count}` with `change_day: {change_day}`" in " ".join(wrong.why)


def test_the_last_day_of_february_is_where_readings_of_30_360_part() -> None:
    february = date(2027, 2, 1)
    with story(day_count="30-360", february="kept") as told:
        told.line("alpha", 10, "30.00")
        told.at(date(2027, 2, 28))
        told.move("alpha", date(2027, 2, 28), 1)
        told.at(date(2027, 3, 1))
        told.bill(february)
        check = told.check(february).services[0]
    assert check.status == "amount"
    assert "billed for 3 days of 30, not 1" in " ".join(check.why)


@pytest.mark.parametrize("change_day", ["billed", "free"])
@pytest.mark.parametrize("day", [date(2027, 2, n) for n in (26, 27, 28)])
def test_a_change_at_the_end_of_february_is_billed_by_30_360_as_expected(
    day: date, change_day: str
) -> None:
    february = date(2027, 2, 1)
    with story(day_count="30-360", change_day=change_day) as told:
        told.line("alpha", 10, "30.00")
        told.at(day)
        told.move("alpha", day, 1)
        told.at(date(2027, 3, 1))
        told.bill(february)
        check = told.check(february).services[0]
    assert check.status == "matched"


def test_a_price_of_ours_counts_from_when_it_was_written() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.bill(NOVEMBER)
        told.at(date(2026, 11, 16))
        told.move("alpha", date(2026, 11, 16), 2)
        told.at(date(2026, 11, 20))
        told.reprice("alpha", "22.00")
        told.at(date(2026, 11, 21))
        told.move("alpha", date(2026, 11, 21), 1)
        told.at(DECEMBER)
        told.sandbox.ui.reprice(told.rows["alpha"], "22.00")
        told.bill(DECEMBER)
        checks = [told.check(month).services[0] for month in (NOVEMBER, DECEMBER)]
    assert [check.status for check in checks] == ["matched", "matched"]
    assert {part.price for part in checks[1].parts} == {Decimal("20.00"), Decimal("22.00")}


def test_an_invoice_made_around_a_write_may_or_may_not_have_known_it() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.at(NOVEMBER, 5)
        told.move("alpha", NOVEMBER, 2)
        told.at(NOVEMBER, 7)
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(10), Decimal("20.00"), NOVEMBER)])
        told.at(DECEMBER)
        lines = told.would_bill(DECEMBER)
        told.bill(DECEMBER, [*lines, InvoiceItem("alpha", Decimal(2), Decimal("20.00"), DECEMBER)])
        found = [told.verify(month) for month in (NOVEMBER, DECEMBER)]
    assert [one.findings for one in found] == [(), ()]
    assert of(found[0], "alpha").notes == ("the change of +2 from 2026-11-01 came too late for it",)


def test_a_change_that_came_too_late_for_two_periods_is_told_once() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.bill(NOVEMBER)
        told.at(DECEMBER, 5)
        told.move("alpha", date(2026, 11, 16), 2)
        told.at(DECEMBER, 7)
        told.bill(DECEMBER, [InvoiceItem("alpha", Decimal(10), Decimal("20.00"), DECEMBER)])
        found = told.verify(DECEMBER)
    assert of(found, "alpha").notes == ("the change of +2 from 2026-11-16 came too late for it",)


def test_units_that_nobody_knows_are_proposed_and_not_matched() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.line("beta", 3, "7.05", told=False)
        told.bill(NOVEMBER)
        found = told.verify(NOVEMBER)
    assert [f.code for f in found.findings] == ["VER007"]
    (proposal,) = found.proposals
    assert (proposal.line.service, proposal.units, proposal.day) == ("beta", 3, NOVEMBER)
    assert proposal.closes is True


def test_a_proposal_that_does_not_close_the_total_says_so() -> None:
    with story() as told:
        told.line("beta", 3, "7.05", told=False)
        told.bill(NOVEMBER, [InvoiceItem("beta", Decimal(4), Decimal("7.05"), NOVEMBER)])
        assert [p.closes for p in told.verify(NOVEMBER).proposals] == [False]
        told.others = frozenset({"old backup"})
        assert [p.closes for p in told.verify(NOVEMBER).proposals] == [None]


@pytest.mark.parametrize(("quantity", "price"), [("2.5", "7.05"), ("3", "3.50"), ("-1", "7.05")])
def test_a_quantity_that_is_not_plainly_units_is_no_proposal(quantity: str, price: str) -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.line("beta", 3, "7.05", told=False)
        item = InvoiceItem("beta", Decimal(quantity), Decimal(price), NOVEMBER)
        told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(10), Decimal(20), NOVEMBER), item])
        found = told.verify(NOVEMBER)
    assert found.proposals == ()
    assert of(found, "beta").status == "unknown"


def test_an_earlier_period_billed_late_is_not_taken_for_units() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        told.bill(NOVEMBER)
        told.line("beta", 4, "7.05", told=False)
        told.at(DECEMBER)
        told.bill(DECEMBER)
        found = told.verify(DECEMBER)
    assert of(found, "beta").quantity == 8
    assert found.proposals == ()
    assert "do not plainly show units" in " ".join(of(found, "beta").notes)


def test_a_month_that_bms_should_have_billed_is_missed_only_after_the_day() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        early = told.verify(NOVEMBER)
        told.at(date(2026, 11, 2))
        late = told.verify(NOVEMBER)
    assert ([f.code for f in early.findings], early.waiting) == (["VER008"], 1)
    assert [f.code for f in late.findings] == ["VER006", "VER008"]
    assert "no invoice bills 2026-11-01 to 2026-11-30" in late.findings[0].message


def test_billed_at_the_end_a_month_is_due_after_it() -> None:
    with story(invoice="end") as told:
        told.line("alpha", 10, "20.00")
        told.at(DECEMBER)
        assert told.verify(NOVEMBER).waiting == 1
        told.at(date(2026, 12, 2))
        assert [f.code for f in told.verify(NOVEMBER).findings] == ["VER006", "VER008"]


def test_invoices_not_sent_come_first_and_then_the_worst() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        week = timedelta(days=6)
        numbers = [
            told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(units), Decimal(20), NOVEMBER)])
            for units in (9, 10, 1)
        ]
        told.at(NOVEMBER + week)
        found = told.verify(NOVEMBER, sent=frozenset(numbers[:1]))
    assert [one.invoice_id for one in found.invoices] == [numbers[1], numbers[2], numbers[0]]


def test_what_was_sent_is_mended_on_the_next_invoice() -> None:
    with story() as told:
        told.line("alpha", 10, "20.00")
        number = told.bill(NOVEMBER, [InvoiceItem("alpha", Decimal(9), Decimal(20), NOVEMBER)])
        before = told.verify(NOVEMBER).findings[0].remedy
        after = told.verify(NOVEMBER, sent=frozenset({number})).findings[0].remedy
    assert "before it is sent" in before
    assert "a correction on the next invoice" in after


def test_the_same_input_gives_the_same_result() -> None:
    with story() as told:
        usual(told)
        told.bill(DECEMBER)
        assert told.verify(DECEMBER) == told.verify(DECEMBER)
