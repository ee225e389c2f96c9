"""What nothing reads is told first, with what to do, and is no ✅."""

from __future__ import annotations

from reconciler.engine.unplanned import Unplanned
from reconciler.report.comment_markdown import Also, render
from reconciler.report.unread import Unread, headline, in_short, next_steps, sentences
from tests.report.test_unplanned import of_none

ONE = Unread("accounts/acme.yaml", "accounts", "billing-config/accounts/acme.yaml")
MANY = (ONE, *(Unread(f"{name}.yaml", "services", None) for name in "abc"))


def test_a_comment_with_one_is_not_called_harmless() -> None:
    told = render(of_none(Unplanned()), "", "", Also(unread=(ONE,)))
    assert told.startswith(
        "## ⚠️ Merging this writes nothing to BMS. Nothing reads accounts/acme.yaml, which it adds"
        " or changes.\n\n> [!CAUTION]\n> accounts/acme.yaml looks like an account's file, and no"
        " configuration reads it: did you mean billing-config/accounts/acme.yaml?\n"
    )
    assert "Nothing to do but to merge it" not in told
    assert (
        "1. Move <code>accounts/acme.yaml</code> to <code>billing-config/accounts/acme.yaml</code>:"
    ) in told


def test_many_are_counted() -> None:
    assert in_short(MANY) == "nothing reads 4 files of it"
    assert headline(MANY).startswith("Nothing reads accounts/acme.yaml, a.yaml, b.yaml and 1 more,")
    assert list(sentences(MANY))[1:] == [
        "a.yaml looks like a file of services, and no configuration reads it.",
        "b.yaml looks like a file of services, and no configuration reads it.",
        "So it is with 1 more file.",
    ]
    (step,) = next_steps(MANY)
    assert step.what.startswith("Move what nothing reads to where it is read: else")


def test_where_nobody_knows_the_place_its_folder_is_named() -> None:
    (step,) = next_steps(MANY[1:2])
    assert step.what.startswith("Move <code>a.yaml</code> into the <code>services/</code> of the")


def test_a_hostile_name_is_only_shown() -> None:
    hostile = Unread("@octo-org/<b> [x](y) `z.yaml", "accounts", None)
    told = render(of_none(Unplanned()), "", "", Also(unread=(hostile,)))
    assert not any(mark in told for mark in ("@octo", "<b>", "[x]", "`z"))
