"""What findings are about, in names."""

from __future__ import annotations

from reconciler.model.finding import Subject
from reconciler.report.subjects import about, about_each


def test_a_subject_is_named_from_wide_to_narrow() -> None:
    assert about(Subject(service="s1", account="a1", contract="c1"), "moved") == "a1 / c1 / s1"
    assert about(Subject(), "moved") == ""


def test_what_the_message_names_is_not_said_twice() -> None:
    subject = Subject(account="Brass", contract="Managed Services")
    assert about(subject, "Mailbox of Brass moves from 10 to 44") == "Managed Services"


def test_a_name_that_is_a_part_of_another_word_is_still_said() -> None:
    assert about(Subject(account="Brass"), "Brassworks has no contract") == "Brass"


def test_of_several_a_message_cannot_name_what_differs() -> None:
    message = "BMS has no service called 'Managed Srver' for Brass"
    some = [Subject(account=name, service="Srver") for name in ("Brass", "Managed", "BMS")]
    assert about_each(some, message) == ["Brass", "Managed", "BMS"]
