from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from reconciler.ledger.rules import settings_of, settings_text
from reconciler.model.settings import Commitment, FixedUnits, LineSettings, Rest, Term

TERM = Term("datto-rmm", "devices-by-type", ("Desktop", "Laptop"))
REST = Term("datto-rmm", "devices-by-type", Rest((("Brass", ("Desktop", "Laptop")),)))


@pytest.mark.parametrize(
    "settings",
    [
        LineSettings(count=(TERM,)),
        LineSettings(count=(REST, Term("datto-edr", "total-devices", subtract=True))),
        LineSettings(count=(TERM,), commitment=Commitment(40, date(2027, 6, 30), "agreed")),
        LineSettings(count=(TERM,), commitment=Commitment(40, date(2027, 6, 30))),
        LineSettings(count=(TERM,), fixed=FixedUnits(2, "dispute", date(2026, 12, 31))),
        LineSettings(count=(TERM,), per=Decimal(500), price=Decimal("4.10")),
    ],
)
def test_rules_come_back_from_their_text_as_they_were(settings: LineSettings) -> None:
    assert settings_of(settings_text(settings)) == settings


def test_a_text_from_before_a_setting_existed_has_its_default() -> None:
    document = json.loads(settings_text(LineSettings(count=(TERM,), minimum=3)))
    del document["commitment"]
    assert settings_of(json.dumps(document)) == LineSettings(count=(TERM,), minimum=3)


def test_a_text_of_a_later_release_is_read_without_what_is_not_known() -> None:
    document = json.loads(settings_text(LineSettings(count=(TERM,))))
    assert settings_of(json.dumps({**document, "weather": "fair"})) == LineSettings(count=(TERM,))


def test_another_rest_is_another_rule() -> None:
    other = Term("datto-rmm", "devices-by-type", Rest())
    assert settings_text(LineSettings(count=(REST,))) != settings_text(LineSettings(count=(other,)))
