from __future__ import annotations

import json

import pytest

from tests.cli.shop import BRASS, COBALT, HEADER, Shop


def test_a_pull_says_how_much_and_up_to_when(new_shop: Shop) -> None:
    done = new_shop("usage", "pull")
    assert done.code == 0
    assert "66 readings of 2 organizations, 66 new, up to 2026-11-22" in done.out


def test_a_second_pull_adds_nothing(shop: Shop) -> None:
    assert "66 readings of 2 organizations, 0 new" in shop("usage", "pull").out


def test_a_bad_source_fails_and_the_others_are_taken(new_shop: Shop) -> None:
    new_shop.edit("billing.yaml", "usage:\n", "usage:\n  - {source: file, path: more/*.csv}\n")
    (new_shop.config / "more").mkdir()
    (new_shop.config / "more" / "bad.csv").write_text(HEADER + "datto-edr\n", encoding="utf-8")
    done = new_shop("usage", "pull")
    assert done.code == 1
    assert "66 readings" in done.out
    assert "more/bad.csv" in done.err
    assert "what to do:" in done.err


def test_a_file_that_only_capital_letters_keep_out_is_told(new_shop: Shop) -> None:
    (new_shop.config / "usage" / "new.CSV").write_text(HEADER, encoding="utf-8")
    done = new_shop("usage", "pull")
    assert done.code == 0
    assert "usage/new.CSV is not read" in " ".join(done.err.split())


def test_one_file_is_imported(new_shop: Shop) -> None:
    text = f"{HEADER}datto-edr,,{BRASS},total-devices,,2026-11-22,14,\n"
    (new_shop.folder / "one.csv").write_text(text, encoding="utf-8")
    done = new_shop("usage", "import", "one.csv")
    assert done.code == 0
    assert "1 reading of 1 organization, 1 new, up to 2026-11-22" in done.out


def test_show_has_the_newest_of_each_metric(shop: Shop) -> None:
    shown = json.loads(shop("usage", "show", "--organization", BRASS, "--format", "json").out)
    newest = {(one["metric"], one["day"], one["quantity"]) for one in shown}
    assert newest == {
        ("total-devices", "2026-11-22", "12"),
        ("windows-devices", "2026-11-22", "18"),
    }


def test_show_one_day(shop: Shop) -> None:
    shown = shop("usage", "show", "--day", "2026-11-03", "--organization", COBALT)
    assert shown.code == 0
    assert "2026-11-03" in shown.out
    assert "1 of 1 source fresh" in shown.out


@pytest.mark.parametrize(
    ("asked", "wrong", "meant"),
    [
        (("--organization", BRASS[:-1]), f"no organization {BRASS[:-1]!r}", BRASS),
        (("--organization", "Nobody"), "no organization 'Nobody'", f"take one of `{BRASS}`"),
        (("--product", "dato-edr"), "no product 'dato-edr'", "did you mean `datto-edr`?"),
        (("--product", "zzz"), "no product 'zzz'", "`reconciler usage show --products` lists"),
    ],
)
def test_a_name_that_nobody_knows_is_wrong_usage(
    shop: Shop, asked: tuple[str, str], wrong: str, meant: str
) -> None:
    shown = shop("usage", "show", *asked)
    assert (shown.code, shown.out) == (2, "")
    assert wrong in shown.err
    assert meant in shown.err


def test_a_product_that_nobody_uses_has_no_readings(shop: Shop) -> None:
    shown = shop("usage", "show", "--product", "passly")
    assert shown.code == 0
    assert "0 readings" in shown.out


def test_a_file_with_a_header_alone_is_no_usage(new_shop: Shop) -> None:
    (new_shop.folder / "one.csv").write_text(HEADER, encoding="utf-8")
    done = new_shop("usage", "import", "one.csv")
    assert (done.code, done.out) == (1, "")
    assert "there is no reading in it, and nothing was taken\n  where: one.csv" in done.err


def test_a_source_without_a_reading_says_so(new_shop: Shop) -> None:
    new_shop.edit("billing.yaml", "usage:\n", "usage:\n  - {source: file, path: more/*.csv}\n")
    (new_shop.config / "more").mkdir()
    (new_shop.config / "more" / "empty.csv").write_text(HEADER, encoding="utf-8")
    done = new_shop("usage", "pull")
    assert (done.code, done.err) == (0, "")
    assert "file more/*.csv: no reading in it\n" in done.out


def test_show_names_products_and_metrics(shop: Shop) -> None:
    shown = shop("usage", "show", "--products")
    assert shown.code == 0
    assert "datto-edr  " in shown.out
    assert "    total-devices  " in shown.out


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-13-01", "is not a day: months go from 01 to 12"),
        ("2026-11-31", "is not a day: November 2026 has 30 days"),
        ("tomorrow", "is not a day such as 2026-11-23"),
        ("20261101x", "is not a day such as 2026-11-23"),
        ("0001-01-01", "is not between 2000-01-01 and 2199-12-31"),
    ],
)
def test_a_day_that_is_none_is_wrong_usage(shop: Shop, day: str, why: str) -> None:
    shown = shop("usage", "show", "--day", day)
    assert shown.code == 2
    assert why in " ".join(shown.err.split())
