from __future__ import annotations

import csv
import io

import pytest

from tests.cli.bad import told
from tests.cli.shop import Shop


@pytest.fixture
def asked(new_shop: Shop) -> tuple[Shop, list[dict[str, str]]]:
    """A shop with readings, and its template's rows."""
    new_shop("usage", "pull")
    shown = new_shop("baseline", "--template")
    assert shown.code == 0
    return new_shop, list(csv.DictReader(io.StringIO(shown.out)))


def fill(shop: Shop, rows: list[dict[str, str]], *units: str) -> None:
    with (shop.folder / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for row, number in zip(rows, units, strict=True):
            writer.writerow({**row, "units": number})


def test_the_template_has_everything_but_the_units(
    asked: tuple[Shop, list[dict[str, str]]],
) -> None:
    _, rows = asked
    assert {row["units"] for row in rows} == {""}
    assert all(row["account"] and row["service"] and row["row_id"] for row in rows)


def test_a_filled_template_makes_units_known(asked: tuple[Shop, list[dict[str, str]]]) -> None:
    shop, rows = asked
    seen = {str(row.row_id): str(row.units) for row in shop.sandbox.ui.read_units()}
    fill(shop, rows, *(seen[row["row_id"]] for row in rows))
    done = shop("baseline", "--import", "units.csv")
    assert done.code == 0
    assert "taken into the ledger" in done.out
    assert "KNW001" not in shop("plan").out
    assert "known already" in shop("baseline", "--import", "units.csv").out


def test_a_slip_leaves_its_contract_out_and_needs_a_person(
    asked: tuple[Shop, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gave the file with a form reads so on its page."""
    shop, rows = asked
    seen = {str(row.row_id): row.units for row in shop.sandbox.ui.read_units()}
    first, *rest = (seen[row["row_id"]] for row in rows)
    fill(shop, rows, str(first - 1), *map(str, rest))
    monkeypatch.setenv("GITHUB_EVENT_NAME", "workflow_dispatch")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(shop.folder / "summary.md"))
    done = shop("baseline", "--import", "units.csv")
    assert done.code == 3
    assert "left out: Managed Services of Brass Building Supplies" in done.out
    page = (shop.folder / "summary.md").read_text("utf-8")
    assert "\n- left out: Managed Services of Brass Building Supplies" in page


@pytest.mark.parametrize(
    ("units", "what"),
    [("", "units is empty"), ("many", "'many' is not a number"), ("1.5", "not a whole number"),
     ("NaN", "BMS can hold"), ("Infinity", "BMS can hold"), ("1e999999999", "BMS can hold")],
)  # fmt: skip
def test_units_that_are_no_whole_number_are_named_with_their_row(
    asked: tuple[Shop, list[dict[str, str]]], units: str, what: str
) -> None:
    shop, rows = asked
    fill(shop, rows[:1], units)
    told(shop("baseline", "--import", "units.csv"), 1, "row 2: units", "units.csv", "again")
    assert what in shop("baseline", "--import", "units.csv").err


def test_either_template_or_import(new_shop: Shop) -> None:
    assert new_shop("baseline").code == 2
    assert new_shop("baseline", "--template", "--import", "x.csv").code == 2
