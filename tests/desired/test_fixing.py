"""Units written into an account's file as its author would: nothing else of it changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.desired import careful
from reconciler.desired.fixing import Fixed, fix
from reconciler.model.settings import FixedUnits

TODAY = date(2026, 11, 23)
REASON = 'changed in BMS by hand from 10 to 14: "why" # fill in'
FILE = """\
# who: maria
version: 1
account: Brass Building Supplies   # renamed in 2025
mode: NO
contracts:
  - contract: Managed Services
    services:
      endpoint: {}          # all of them
      managed-server:
        # agreed
        minimum: 3
        note: 'agreed in the 2026 renewal'
        changes:
          - {from: 2027-01-01, price: 24.00}

      old: {minimum: 010, price: 22.00}   # ends soon
      nothing:
      fixed: {units: {fixed: 44, until: 2026-12-31, reason: dispute}}
      dated: {changes: [{from: 2027-01-01, units: {fixed: 3, reason: x}}]}
      shared: &shared {minimum: 1}
      sharing: *shared
"""


def at(service: str, units: int = 14) -> Fixed:
    return Fixed(("contracts", 0, "services", service), units, REASON)


def behind(said: str) -> str:
    """The words that ask for a reason are still the last."""
    what, _, asked = WHY.rpartition("; ")
    return f"{what} (before: {said}); {asked}"


def lines_changed(before: str, after: str) -> set[str]:
    return set(after.splitlines()) - set(before.splitlines())


def test_a_whole_file(snapshot: SnapshotAssertion) -> None:
    names = ("endpoint", "managed-server", "old", "nothing", "fixed")
    content, done = fix(FILE.encode(), [at(name) for name in names], TODAY)
    assert len(done) == len(names)
    assert content.decode() == snapshot


@pytest.mark.parametrize("name", ["dated", "shared", "sharing", "gone"])
def test_what_would_not_be_just_that_is_not_written(name: str) -> None:
    content, done = fix(FILE.encode(), [at(name), at("endpoint")], TODAY)
    assert [one.path[-1] for one in done] == ["endpoint"]
    assert content == fix(FILE.encode(), [at("endpoint")], TODAY)[0]


@pytest.mark.parametrize(
    "text",
    [
        "contracts:\n- contract: a\n  services:\n    endpoint: {}\n    other: {}\n",
        "contracts:\n    - contract: a\n      services:\n          endpoint:\n            per: 1\n",
        "---\ncontracts: [{contract: a, services: {endpoint: {}}}]\n",
        "contracts:\r\n  - contract: a\r\n    services:\r\n      endpoint: {}\r\n",
        "\ufeffcontracts:\n  - contract: é\n    services:\n      endpoint: {}\n",
    ],
    ids=["flat lists", "four spaces", "flow", "CRLF", "BOM"],
)
def test_the_authors_ways_are_kept(text: str) -> None:
    content, done = fix(text.encode(), [at("endpoint")], TODAY)
    assert len(done) == 1
    written = content.decode()
    assert len(lines_changed(text, written)) <= 2
    assert ("\r\n" in written) == ("\r\n" in text)
    root, problems = careful.read(content, "x.yaml")
    assert root is not None
    assert not problems


@pytest.mark.parametrize("content", [b"", b"contracts: [", b"\xff", b"contracts: all\n"])
def test_a_file_that_is_none_is_left_alone(content: bytes) -> None:
    assert fix(content, [at("endpoint")], TODAY) == (content, ())


def test_the_same_edit_twice_changes_nothing() -> None:
    once = fix(FILE.encode(), [at("endpoint")], TODAY)[0]
    assert fix(once, [at("endpoint")], TODAY)[0] == once


WHY = "changed in BMS by hand from 10 to 14; fill in why"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("promised: Ann, ticket 17", behind("promised: Ann, ticket 17")),
        ("2026", behind("2026")),
        ("changed in BMS by hand from 9 to 10; fill in why", WHY),
        (behind("promised (by Ann)"), behind("promised (by Ann)")),
        (WHY, WHY),
        ("fill in why", WHY),
        (f"{WHY}: Jo, 3 Nov", behind(f"{WHY}: Jo, 3 Nov")),
        ("Jo agreed; Bob will fill in why", behind("Jo agreed; Bob will fill in why")),
        ("Jo agreed 4; fill in why", behind("Jo agreed 4")),
        ("two\\nlines\\n", behind("two lines")),
        ("changed in BMS by hand from 9 to 10; fill in why\\n", WHY),
    ],
    ids=[
        *("a person's", "a number", "nobody's", "kept twice", "the same", "nothing yet"),
        *("filled in behind", "asked by a person", "the question left", "in lines", "in a line"),
    ],
)
def test_what_a_person_said_before_stays_behind_the_new_reason(before: str, after: str) -> None:
    old = f'a: {{units: {{fixed: 10, reason: "{before}"}}}}\n'.replace('"2026"', "2026")
    wanted = Fixed(("a",), 14, WHY)
    content, done = fix(old.encode(), [wanted], TODAY)
    assert done == (wanted,)
    assert content.decode() == f'a: {{units: {{fixed: 14, reason: "{after}"}}}}\n'
    assert FixedUnits(14, after).lacks_reason
    assert FixedUnits(14, f"{after}\n").lacks_reason


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "billing-config" / "accounts").glob("*.yaml"))[:3]
)
def test_an_example_keeps_all_its_other_lines(path: Path) -> None:
    text = path.read_text("utf-8")
    root, _ = careful.read(text.encode(), path.name)
    assert root is not None
    document = root.plain()
    assert isinstance(document, dict)
    contracts = document["contracts"]
    assert isinstance(contracts, list)
    first = contracts[0]
    assert isinstance(first, dict)
    services = first["services"]
    assert isinstance(services, dict)
    content, done = fix(text.encode(), [at(next(iter(services)))], TODAY)
    assert len(done) == 1
    assert len(lines_changed(text, content.decode())) <= 2


OVER = """\
x:
  a: {units: {fixed: 10, until: 2026-11-22, reason: old}}   # a flow
  b:
    units:
      fixed: 10   # ten
      until: 2026-11-22   # agreed with Ann
      # below

      reason: old
  c:
    units:
      # first
      until: '2026-11-22'   # at the top
      fixed: 10
      reason: old
  d:
    units:
      reason: old
      fixed: 10
      until: 2026-11-22   # at the end

  # about e
  e: {units: {fixed: 10, until: 2026-11-23, reason: old}}
  f:
    units:
      until: 2026-11-22   # alone

      fixed: 10   # ten
      reason: old
  g:
    units:
      reason: old
      fixed: 10   # ten
      until: 2026-11-22

  # about h
  h: {}
"""


def test_a_last_day_that_is_over_goes_and_what_is_said_beside_it_stays(
    snapshot: SnapshotAssertion,
) -> None:
    wanted = [Fixed(("x", name), 14, WHY) for name in "abcdefgh"]
    content, done = fix(OVER.encode(), wanted, TODAY)
    assert len(done) == len(wanted)
    assert content.decode() == snapshot
    assert content.count(b"#") == OVER.count("#")
    assert fix(content, wanted, TODAY)[0] == content


FLOWS = """\
a:
  b: {}   # plain
  c: {minimum: 3,   # agreed with Jane
      price: 5.00}
"""


@pytest.mark.parametrize(
    "text",
    [
        FLOWS,
        FLOWS.replace("\n", "\r\n"),
        "a:\n  b: {units: {fixed: 21,   # see the mail of 3 Nov\n      reason: dispute}}\n",
        "a:\n  b:\n    units: {\n      fixed: 4, reason: dispute   # why\n    }\n",
    ],
    ids=["of another line", "CRLF", "of the line", "before the bracket"],
)
def test_where_a_comment_would_be_lost_nothing_is_written(text: str) -> None:
    assert fix(text.encode(), [Fixed(("a", "b"), 14, REASON)], TODAY) == (text.encode(), ())


def test_what_only_looks_like_a_comment_may_change() -> None:
    text = "a:\n  b: {units: {fixed: 4, reason: 'ticket #17 # 3'}}   # b\n  c: |  # c\n    # text\n"
    content, done = fix(text.encode(), [Fixed(("a", "b"), 14, WHY)], TODAY)
    assert len(done) == 1
    assert behind("ticket #17 # 3") in content.decode()
    assert "  c: |  # c\n    # text\n" in content.decode()
