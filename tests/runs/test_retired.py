"""Configurations beside one's own that a pull request takes out."""

from __future__ import annotations

import shutil

import pytest

from reconciler.engine.unplanned import NamedLine
from reconciler.github import Event
from reconciler.report.retired import Retired, headline, in_short, next_steps, sentences
from reconciler.runs.retired import retired
from tests.desired.house import ACCOUNT, BILLING, SERVICES
from tests.ledger.branch.copies import git
from tests.runs.beginnings import repository, tens
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

FILES = {
    "billing.yaml": f"{BILLING}ledger: {{branch: eu-ledger}}\n",
    "services/datto-rmm.yaml": SERVICES,
    "accounts/brass.yaml": ACCOUNT,
    "accounts/navy.yaml": ACCOUNT.replace("Brass Building Supplies", "Navy"),
}
NAVY = NamedLine("Navy", "workstation")
BOTH = (NamedLine("Brass Building Supplies", "workstation"), NAVY)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Beside its configuration lies another one, and an example that no workflow runs."""
    world = tens(make_world())
    repository(world)
    for name, text in FILES.items():
        write(world, f"eu/billing/{name}", text)
    write(world, "example/billing.yaml", BILLING)
    commit(world)
    return world


def write(world: World, name: str, text: str) -> None:
    path = world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def commit(world: World) -> str:
    git(world.folder, "add", "--all", "eu", "example")
    git(world.folder, "commit", "--quiet", "--message", "A change")
    return head(world)


def head(world: World) -> str:
    return git(world.folder, "rev-parse", "HEAD")


def told(world: World, base: str, after: str) -> tuple[Retired, ...]:
    return retired(world.config, Event(7, base, after), world.sandbox.today())


def test_one_that_is_gone_is_told_with_its_lines(world: World) -> None:
    base = head(world)
    shutil.rmtree(world.folder / "eu")
    shutil.rmtree(world.folder / "example")
    (world.folder / "example").mkdir()
    (world.folder / "eu").mkdir()
    assert told(world, base, commit(world)) == (Retired("eu/billing", BOTH, taken={}),)


def test_one_with_mistakes_is_told_without(world: World) -> None:
    write(world, "eu/billing/accounts/brass.yaml", "nonsense: [\n")
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu")
    write(world, "eu/notes.md", "gone")
    assert told(world, base, commit(world)) == (Retired("eu/billing", None),)


def test_a_file_of_another_program_is_nobodys_configuration(world: World) -> None:
    write(world, "eu/helm/billing.yaml", "kind: X\nversion: 1\nledger: {image: foo}\n")
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu/helm")
    assert told(world, base, commit(world)) == ()


def test_one_that_moves_goes_on(world: World) -> None:
    base = head(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    assert told(world, base, commit(world)) == ()


def test_what_a_move_drops_is_told(world: World) -> None:
    base = head(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    (world.folder / "eu/north/accounts/navy.yaml").unlink()
    (found,) = told(world, base, commit(world))
    assert found == Retired("eu/billing", (NAVY,), moved="eu/north", taken={})


@pytest.mark.parametrize("name", ["billing.yaml", "accounts/brass.yaml"])
def test_one_that_cannot_be_read_where_it_is_moved_to_is_not_taken_out(
    world: World, name: str
) -> None:
    base = head(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    path = world.folder / "eu/north" / name
    path.write_text(f"{path.read_text('utf-8')}bogus: [\n", "utf-8")
    (found,) = told(world, base, commit(world))
    assert (found.moved, found.unread, found.unsure) == ("eu/north", ("eu/north",), True)
    assert headline([found]) == (
        "Merging this moves the configuration eu/billing to eu/north, where it cannot be read."
    )


def test_that_nothing_can_be_read_of_a_move_is_told_where_others_name_its_lines(
    world: World,
) -> None:
    south(world, ACCOUNT)
    write(world, "eu/south/accounts/navy.yaml", ACCOUNT.replace("Brass Building Supplies", "Navy"))
    base = commit(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    write(world, "eu/north/accounts/brass.yaml", "bogus: 1\n")
    (found,) = told(world, base, commit(world))
    assert in_short([found]) == [
        "moves the configuration eu/billing to eu/north, where it cannot be read"
    ]


def south(world: World, accounts: str = ACCOUNT.replace("Brass", "Silver")) -> None:
    """A third one, of other customers."""
    write(world, "eu/south/billing.yaml", f"{BILLING}ledger: {{branch: south-ledger}}\n")
    write(world, "eu/south/services/datto-rmm.yaml", SERVICES)
    write(world, "eu/south/accounts/silver.yaml", accounts)


def test_lines_that_another_one_takes_on_are_not_lost(world: World) -> None:
    south(world)
    base = commit(world)
    git(
        world.folder,
        "mv",
        *(f"eu/billing/accounts/{one}.yaml" for one in ("brass", "navy")),
        "eu/south/accounts",
    )
    git(world.folder, "rm", "-rq", "eu/billing")
    (found,) = told(world, base, commit(world))
    assert found == Retired("eu/billing", taken={"eu/south": 2})
    assert (headline([found]), in_short([found])) == ("", [])
    assert [step.what for step in next_steps([found])] == [
        "Make sure that the ledger of eu/south comes to know what goes on there: the form"
        " `baseline` there takes units over, once this is merged."
    ]
    assert list(sentences([found])) == [
        "eu/south takes on 2 lines of eu/billing; its ledger may not know them yet."
    ]


def test_a_move_with_another_ledger_says_how_that_comes_to_know_its_lines(world: World) -> None:
    base = head(world)
    git(world.folder, "mv", "eu/billing", "eu/north")
    billing = world.folder / "eu/north/billing.yaml"
    billing.write_text(billing.read_text("utf-8").replace("eu-ledger", "north-ledger"), "utf-8")
    (found,) = told(world, base, commit(world))
    assert found == Retired("eu/billing", taken={"eu/north": 2}, begun=("eu/north",))
    assert [step.what for step in next_steps([found])] == [
        "Let eu/north have the ledger's branch of eu/billing (`ledger:`), so that units and history"
        " go along; else the form `baseline` there takes units over, once this is merged."
    ]


def test_a_line_that_has_ended_is_not_told_as_lost(world: World) -> None:
    ended = ACCOUNT.replace("Brass Building Supplies", "Navy").replace(
        "workstation: {}", "workstation: {last_day: 2026-10-31}"
    )
    write(world, "eu/billing/accounts/navy.yaml", ended)
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu/billing")
    write(world, "eu/notes.md", "gone")
    (found,) = told(world, base, commit(world))
    assert found.lost == BOTH[:1]


def test_lines_that_another_one_names_already_are_nothing_to_tell(world: World) -> None:
    south(world, ACCOUNT)
    write(world, "eu/south/accounts/navy.yaml", ACCOUNT.replace("Brass Building Supplies", "Navy"))
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu/billing")
    assert told(world, base, commit(world)) == ()


def test_what_main_took_on_since_is_not_lost(world: World) -> None:
    """First one pull request writes the lines elsewhere, then another takes the folder out."""
    old = head(world)
    git(world.folder, "rm", "-rq", "eu/billing")
    write(world, "eu/notes.md", "gone")
    branch = commit(world)
    git(world.folder, "checkout", "--quiet", "--detach", old)
    south(world, ACCOUNT)
    write(world, "eu/south/accounts/navy.yaml", ACCOUNT.replace("Brass Building Supplies", "Navy"))
    assert told(world, commit(world), branch) == ()


def test_lines_that_may_be_where_nothing_can_be_read_are_not_told_as_lost(world: World) -> None:
    south(world)
    base = commit(world)
    git(world.folder, "rm", "-rq", "eu/billing")
    write(world, "eu/south/accounts/brass.yaml", "bogus: 1\n")
    (found,) = told(world, base, commit(world))
    assert headline([found]) == (
        "Merging this takes the configuration eu/billing out, and what may have its lines cannot be"
        " read."
    )
    (step,) = next_steps([found])
    assert step.what.startswith("Mend what is wrong in eu/south")


def test_what_cannot_be_merged_is_told_once_it_can_be(world: World) -> None:
    old = head(world)
    git(world.folder, "rm", "-rq", "eu/billing")
    write(world, "eu/notes.md", "one")
    branch = commit(world)
    git(world.folder, "checkout", "--quiet", "--detach", old)
    write(world, "eu/notes.md", "two")
    assert told(world, commit(world), branch) == ()


def test_one_whose_ledger_is_on_no_branch_any_more_is_still_there(world: World) -> None:
    base = head(world)
    write(world, "eu/billing/billing.yaml", BILLING)
    assert told(world, base, commit(world)) == ()


def test_what_main_took_on_or_out_since_the_branch_left_it_is_not_the_branchs(world: World) -> None:
    old = head(world)
    write(world, "example/notes.md", "new")
    branch = commit(world)
    git(world.folder, "checkout", "--quiet", "--detach", old)
    shutil.copytree(world.folder / "eu", world.folder / "eu/asia")
    added = commit(world)
    assert told(world, added, branch) == ()
    git(world.folder, "rm", "-rq", "eu/billing")
    assert told(world, commit(world), branch) == ()


def test_several_are_told_in_one_sentence() -> None:
    some = (
        Retired("eu", BOTH, up_to=True),
        Retired("us", None),
        Retired("asia", (NAVY,), moved="apac"),
    )
    assert headline(some) == (
        "Merging this takes the configuration eu out, and with it up to 2 lines of 2 accounts, and"
        " takes the configuration us out, and with it all of its lines, and moves the configuration"
        " asia to apac without 1 line of 1 account: nothing counts them any more, and BMS bills"
        " them on as they are."
    )
    assert in_short(some) == [
        "takes the configuration eu out",
        "takes the configuration us out",
        "moves the configuration asia to apac without 1 line",
    ]
    assert headline(some[2:]).endswith(
        "without 1 line of 1 account: nothing counts it any more, and BMS bills it on as it is."
    )
    assert list(sentences(some)) == [
        "Of eu no configuration names any more: workstation of Brass Building Supplies and"
        " workstation of Navy.",
        "Of asia no configuration names any more: workstation of Navy.",
    ]
    (step,) = next_steps(some)
    assert step.what.startswith("Make sure that what nothing counts any more of eu, us and asia is")
    assert "1 more configuration out" in headline([Retired(one, None) for one in "abcd"])
    assert list(next_steps(())) == []


def test_a_folders_name_is_no_markup_in_what_to_do() -> None:
    strange = "eu @octo-org `x` <b>"
    for found in (Retired(strange, None), Retired("x", None, unread=(strange,))):
        (step,) = next_steps((found,))
        assert "eu @&#8203;octo-org &#96;x&#96; &#60;b&#62;" in step.what
