"""Which types any reading named, however long ago."""

from __future__ import annotations

from reconciler.ledger import Ledger
from reconciler.model.reading import TypeKey
from tests.ledger.making import NOW, day, reading


def test_a_type_is_read_that_a_reading_of_any_day_named(ledger: Ledger) -> None:
    given = [reading(day(3, month=2), 4, "AP440"), reading(day(3), 0, "Server")]
    ledger.record_pull("s", given, NOW)
    of = {name: TypeKey("datto-rmm", "total-devices", name) for name in ("AP440", "Server")}
    others = {
        TypeKey("datto-rmm", "total-devices", "AP440E"),
        TypeKey("datto-rmm", "devices-by-type", "AP440"),
        TypeKey("datto-edr", "total-devices", "AP440"),
    }
    assert ledger.types_read({*of.values(), *others}) == set(of.values())


def test_one_that_a_later_answer_took_out_was_read_all_the_same(ledger: Ledger) -> None:
    ledger.record_pull("s", [reading(3, 4, "Servr")], NOW)
    ledger.record_pull("s", [reading(3, 4, "Server")], NOW)
    one = TypeKey("datto-rmm", "total-devices", "Servr")
    assert ledger.types_read([one]) == {one}
