from __future__ import annotations

from pathlib import Path

from reconciler.findings import CODES
from reconciler.report import rule_text

PAGES = Path(__file__).parents[2] / "docs" / "findings"


def test_the_checked_in_pages_are_those_of_the_codes() -> None:
    """If this fails: `reconciler rule --pages docs/findings`."""
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    assert written == rule_text.pages(CODES.values())
