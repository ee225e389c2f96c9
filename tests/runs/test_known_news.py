"""News is kept by what it is about, in few rows of the ledger, and read back from them."""

from __future__ import annotations

from reconciler.runs.known_news import What, details, whats


def test_what_is_kept_is_read_back_from_a_row_for_many() -> None:
    known: list[What] = [("USG003", "edr", f"org, {one} “é”") for one in range(120)]
    known += [("USG003", "rmm", "org"), ("POL010", "", "beta has 3 fixed")]
    rows = list(details(known))
    assert len(rows) == 5
    assert {what for row in rows for what in whats(*row)} == set(known)


def test_a_sentence_of_an_older_release_names_nobody() -> None:
    assert list(whats("USG003", "1 organization has usage of edr: Delta")) == []
    assert list(whats("KNW015", "Managed of Brass")) == [("KNW015", "", "Managed of Brass")]
