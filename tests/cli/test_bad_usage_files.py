from __future__ import annotations

import pytest

from tests.cli.bad import told
from tests.cli.shop import BRASS, HEADER, Shop

ROWS = {
    "negative": (
        f"datto-edr,,{BRASS},total-devices,,2026-11-22,-3,\n",
        "-3",
    ),
    "a fraction of a device": (
        f"datto-edr,,{BRASS},total-devices,,2026-11-22,3.5,\n",
        "3.5",
    ),
    "a day to come": (
        f"datto-edr,,{BRASS},total-devices,,2026-11-29,3,\n",
        "2026-11-29",
    ),
    "no number": (
        f"datto-edr,,{BRASS},total-devices,,2026-11-22,lots,\n",
        "lots",
    ),
    "unknown product": (
        f"datto-erd,,{BRASS},total-devices,,2026-11-22,3,\n",
        "datto-edr",
    ),
    "unknown metric": (
        f"datto-edr,,{BRASS},totaldevices,,2026-11-22,3,\n",
        "total-devices",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_bad_row_is_named_and_nothing_of_the_file_is_taken(shop: Shop, row: str) -> None:
    text, what = ROWS[row]
    (shop.folder / "bad.csv").write_text(HEADER + text, encoding="utf-8")
    before = shop("usage", "show", "--format", "json").out
    told(shop("usage", "import", "bad.csv"), 1, what, "bad.csv:2", "")
    assert shop("usage", "show", "--format", "json").out == before


def test_a_bad_row_of_a_configured_source_fails_the_pull(shop: Shop) -> None:
    (shop.config / "usage" / "bad.csv").write_text(HEADER + ROWS["negative"][0], encoding="utf-8")
    told(shop("usage", "pull"), 1, "-3", "bad.csv:2", "")


@pytest.mark.parametrize("kind", ["missing", "a directory", "a dangling link", "not text"])
def test_a_file_that_cannot_be_read(shop: Shop, kind: str) -> None:
    path = shop.folder / "usage.csv"
    match kind:
        case "a directory":
            path.mkdir()
        case "a dangling link":
            path.symlink_to(shop.folder / "gone")
        case "not text":
            path.write_bytes(b"\xff\xfe\x00\x00")
    told(shop("usage", "import", "usage.csv"), 1, "", "usage.csv", "")


@pytest.mark.parametrize("kind", ["missing", "a directory", "not text", "no columns"])
def test_a_baseline_that_cannot_be_read(shop: Shop, kind: str) -> None:
    path = shop.folder / "bad-units.csv"
    match kind:
        case "a directory":
            path.mkdir()
        case "not text":
            path.write_bytes(b"\xff\xfe\x00\x00")
        case "no columns":
            path.write_text("a,b\n1,2\n", encoding="utf-8")
    told(shop("baseline", "--import", path.name), 1, "was not taken", path.name, "import again")


def test_a_folder_is_not_imported_as_a_file(shop: Shop) -> None:
    told(
        shop("usage", "import", "billing-config"),
        1, "this is a folder", "billing-config", "`reconciler usage pull`",
    )  # fmt: skip
    told(shop("usage", "import", "none.csv"), 1, "no such file", "none.csv", "check the path")
    told(shop("baseline", "--import", "."), 1, "Is a directory", ".", "import again")
    assert "Errno" not in shop("baseline", "--import", ".").err
