from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.model.settings import Commitment, FixedUnits, LineSettings
from reconciler.report.yaml_text import written

UNTIL = date(2026, 12, 31)
VALUES = {
    "policy": ("month-end", "policy: month-end"),
    "gap_days": (3, "gaps: {allow: 3d}"),
    "per": (Decimal("5E+2"), "per: 500"),
    "price": (Decimal("22.00"), "price: 22.00"),
    "minimum": (None, "minimum: null"),
    "fixed": (
        FixedUnits(44, "dispute: October", UNTIL),
        'units: {fixed: 44, until: 2026-12-31, reason: "dispute: October"}',
    ),
    "commitment": (
        Commitment(40, UNTIL, "three-year agreement"),
        "commitment: {floor: 40, until: 2026-12-31, reason: three-year agreement}",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_setting_is_shown_as_it_is_written(name: str) -> None:
    value, text = VALUES[name]
    assert ": ".join(written(name, value)) == text


def test_every_setting_can_be_shown() -> None:
    settings = LineSettings(count=())
    for field in fields(settings):
        if field.name not in ("count", "origins"):
            assert "(" not in written(field.name, getattr(settings, field.name))[1]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1))
def test_yaml_reads_a_reason_back(reason: str) -> None:
    key, value = written("fixed", FixedUnits(1, reason))
    read = YAML(typ="safe").load(f"{key}: {value}")
    assert read == {"units": {"fixed": 1, "reason": reason}}
