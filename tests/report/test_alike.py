from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.place import Origin
from reconciler.report import plan_markdown, sections
from reconciler.report.alike import alike, findings_in
from reconciler.report.plan_markdown import COMMENT_BYTES
from tests.report.example import PLAN

PLACE = Origin("services/datto-rmm.yaml", ("services", "managed-server"))
CUSTOMERS = ("Brass", "Chartreuse", "Cobalt", "Navy", "Teal")


def missing(account: str, service: str = "Managed Srver") -> Finding:
    message = f"BMS has no service called {service!r}"
    return finding("BMS005", message, subject=Subject(account=account), origin=PLACE)


def test_a_slip_in_one_place_is_told_once_with_all_lines_that_it_blocks() -> None:
    (told,) = alike(map(missing, CUSTOMERS))
    assert told.about() == "Brass, Chartreuse, Cobalt, Navy and Teal"
    assert told.first == missing("Brass")


def test_of_what_is_only_good_to_know_the_first_are_named() -> None:
    filled = (
        finding("USG006", "2026-11-19 carried", subject=Subject(account=name)) for name in CUSTOMERS
    )
    assert [one.about() for one in alike(filled)] == ["Brass, Chartreuse, Cobalt and 2 more"]


def test_another_slip_between_them_is_its_own_and_keeps_its_place() -> None:
    found = [missing("Brass"), missing("Brass", "Firewal"), missing("Cobalt")]
    assert [(one.first.message, one.about()) for one in alike(found)] == [
        (missing("").message, "Brass and Cobalt"),
        (missing("", "Firewal").message, "Brass"),
    ]


def test_the_same_words_about_another_place_are_another_thing_to_mend() -> None:
    elsewhere = replace(missing("Navy"), origin=Origin("accounts/navy.yaml", ()))
    assert len(alike([missing("Brass"), elsewhere])) == 2


def test_what_has_money_of_its_own_is_told_for_itself() -> None:
    found = [replace(missing(name), money=Decimal(5)) for name in CUSTOMERS]
    assert [one.about() for one in alike(found)] == list(CUSTOMERS)


def test_every_name_is_written_as_the_text_needs_it() -> None:
    (told,) = alike([missing("Zip|Zap"), missing("Quo")])
    assert told.about(lambda name: name.replace("|", "/")) == "Zip/Zap and Quo"


def test_nothing_is_said_where_the_message_names_it() -> None:
    (told,) = alike([finding("BMS005", "Brass lacks it", subject=Subject(account="Brass"))])
    assert told.about() == ""


def test_of_many_that_are_blocked_each_is_named_as_long_as_there_is_room() -> None:
    names = [f"Customer {n:03}" for n in range(200)]
    found = [missing(name) for name in names]
    plan = replace(PLAN, changes=(), findings=tuple(found))
    told = plan_markdown.render(plan, limit=COMMENT_BYTES)
    for text in (told, sections.findings("Needs a person", found, "USD", COMMENT_BYTES)):
        assert [name for name in names if name not in text] == []
    assert findings_in(alike(found)) == 200


def test_very_long_names_take_the_room_of_nobody_else_and_what_is_left_out_is_counted() -> None:
    found = [missing(f"Customer {n:03} {'x' * 10_000}") for n in range(900)]
    plan = replace(PLAN, changes=(), findings=tuple(found))
    told = plan_markdown.render(plan, limit=COMMENT_BYTES)
    listed = sections.findings("Needs a person", found, "USD", 20_000)
    for text, left in ((told, "- … and {} more. All"), (listed, "and {} more findings.** The run")):
        shown = text.count("Customer ")
        assert shown > 90
        assert left.format(900 - shown) in text
        assert "Managed Srver" in text


def test_where_there_is_little_room_a_few_are_named() -> None:
    text = sections.findings("Needs a person", map(missing, CUSTOMERS), "USD", 500)
    assert "- **BMS005** Brass, Chartreuse, Cobalt and Navy: BMS has" in text
    assert "**… and 1 more finding.** The run" in text


def test_a_blocked_account_is_named_whatever_words_the_message_has() -> None:
    (told,) = alike(map(missing, ("Brass", "Managed", "BMS")))
    assert told.about() == "Brass, Managed and BMS"
