"""What was learned of BMS is remembered in order, with every digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import open_ledger
from reconciler.ledger.marks import marks, marks_text
from reconciler.ledger.store import Ledger
from reconciler.ledger.texts import Reader
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Agreement, KnownFact, Remembered, RowMark, Settled
from tests.ledger.making import LINE, NOW, day, intent

FACT = KnownFact(LINE, 1, day(1), "set", 12, "baseline", None, NOW)
MARK = RowMark(1, 1201, day(1), Decimal("22.00"))
AGREEMENT = Agreement(
    5001, day(2), Decimal("264.00"), Decimal("0.10"), (1201,), (MARK,), (replace(MARK, row_id=2),)
)


def test_a_new_ledger_remembers_nothing(ledger: Ledger) -> None:
    assert ledger.remember() == Remembered(ledger.id)


def test_facts_come_back_in_the_order_learned(ledger: Ledger) -> None:
    facts = [
        FACT,
        replace(FACT, effect="add", units=-3, source="reply", ref="A1"),
        replace(FACT, row_id=None, recorded_at=None, day=day(1, 1)),
    ]
    ledger.append_facts(facts[:2])
    ledger.append_facts(facts[2:])
    ledger.append_facts([])
    assert ledger.remember().facts == tuple(facts)


def test_a_fact_of_a_write_has_its_price_and_what_its_period_was_entered_with(
    ledger: Ledger,
) -> None:
    with ledger.lease("apply 1", timedelta(minutes=20), lambda: NOW):
        ledger.append_intent(intent(price=Decimal("4.10"), entered=9))
    ledger.settle(Settled("A1", "answered", NOW, 3), [replace(FACT, ref="A1"), FACT])
    found = [(fact.price, fact.entered) for fact in ledger.remember().facts]
    assert found == [(Decimal("4.10"), 9), (None, None)]


def test_the_newest_agreement_of_each_contract_counts(ledger: Ledger) -> None:
    other = replace(AGREEMENT, contract_id=4000)
    newer = replace(AGREEMENT, day=day(3), total=Decimal("300.0"), lines=(), rows=(), others=())
    ledger.append_agreements([AGREEMENT, other])
    ledger.append_agreements([newer])
    ledger.append_agreements([])
    remembered = ledger.remember().agreements
    assert remembered == (other, newer)
    assert str(remembered[1].total) == "300.0"


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=6), st.integers(0, 3))
def test_what_two_plans_found_out_at_the_same_time_is_learned_once(
    found: list[tuple[int, int]], between: int
) -> None:
    """``found``: contract and units; ``between``: a contract that a person told of meanwhile."""
    with open_ledger(":memory:", tenant="Example MSP") as ledger:
        ledger.append_facts([FACT])
        facts = [
            replace(FACT, line=LINE._replace(contract_id=c), units=n, source="solved")
            for c, n in found
        ]
        agreements = [replace(AGREEMENT, contract_id=c) for c in sorted({c for c, _ in found})]
        if between:
            ledger.append_facts([replace(FACT, line=LINE._replace(contract_id=between))])
        known = {LINE.contract_id: 1}
        ledger.learn(facts, agreements, known)
        once = ledger.remember()
        ledger.learn(facts, [], known)
        assert ledger.remember() == once
        kept = [f for f in facts if f.line.contract_id != between]
        assert [f for f in once.facts if f.source == "solved"] == kept
        assert {a.contract_id for a in once.agreements} == {f.line.contract_id for f in kept}


def test_a_name_once_resolved_stays_until_it_is_resolved_anew(ledger: Ledger) -> None:
    names = [("account", "Brass", 1001), ("contract:1001", "Managed", 5001)]
    assert ledger.append_names(names) == 2
    assert ledger.append_names(names) == 0
    assert ledger.append_names([("account", "Brass", 1009)]) == 1
    assert ledger.remember().names == (("account", "Brass", 1009), names[1])


def test_one_name_of_two_kinds_is_two_names(ledger: Ledger) -> None:
    ledger.append_names([("account", "Brass", 1), ("service", "Brass", 2)])
    assert ledger.remember().names == (("account", "Brass", 1), ("service", "Brass", 2))


def test_lines_are_line_keys_again(ledger: Ledger) -> None:
    ledger.append_facts([FACT])
    assert isinstance(ledger.remember().facts[0].line, LineKey)


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            RowMark,
            st.integers(1),
            st.integers(1),
            st.dates(),
            st.decimals(allow_nan=False, allow_infinity=False),
        )
    )
)
def test_marks_come_back(given_marks: list[RowMark]) -> None:
    assert marks(marks_text(given_marks), Reader()) == tuple(given_marks)
