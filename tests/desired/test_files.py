"""What the files of a configuration are called."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.desired import load
from reconciler.desired.approvals import load_approvals
from reconciler.desired.files import home, unlabelled, why_none
from reconciler.git import Revisions
from tests.desired.house import build
from tests.ledger.branch.copies import git

APPROVALS = """\
version: 1
approvals:
  - change: "0123456789abcdef"
    account: Brass Building Supplies
    contract: Managed Services
    service: workstation
    from_units: 1
    to_units: 2
    day: 2026-11-01
    monthly: "38.00"
    reason: agreed
"""


def repository(folder: Path, inside: str) -> Path:
    """A configuration at a place in a repository, committed."""
    built = build(folder / "built", {"approvals/2026-11.yaml": APPROVALS})
    top = folder / "repository"
    shutil.copytree(built, top / inside)
    git(top, "init", "--quiet", "--initial-branch", "main")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "A configuration")
    return top / inside


@pytest.mark.parametrize("inside", ["billing-config", "eu/billing", "."])
def test_a_file_has_one_name_wherever_its_commit_is_laid_out(tmp_path: Path, inside: str) -> None:
    config = repository(tmp_path, inside)
    prefix = "" if inside == "." else f"{inside}/"
    with Revisions(config).at("HEAD") as folder:
        for one in (config, folder):
            (account,) = load(one).accounts
            (approval,) = load_approvals(one)
            assert account.origin.file == f"{prefix}accounts/brass.yaml"
            assert approval.origin.file == f"{prefix}approvals/2026-11.yaml"
            assert unlabelled(one, account.origin.file) == "accounts/brass.yaml"


def test_where_it_lies_in_a_repository_is_no_part_of_what_it_says(tmp_path: Path) -> None:
    places = ("billing-config", "eu/billing", ".")
    digests = {load(repository(tmp_path / str(n), p)).digest for n, p in enumerate(places)}
    assert len(digests) == 1


def test_without_a_repository_a_folder_goes_by_its_own_name(tmp_path: Path) -> None:
    assert home(build(tmp_path).resolve()) == "billing-config/"


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ("eu/billing/nowhere", "eu/billing/nowhere is not there"),
        ("eu/billing/accounts", "eu/billing/accounts has no billing.yaml"),
        ("eu/billing/billing.yaml", "eu/billing/billing.yaml is a file"),
        (".", "repository has no billing.yaml"),
    ],
)
def test_where_there_is_none_is_told_without_the_machines_folders(
    tmp_path: Path, inside: str, why: str
) -> None:
    top = repository(tmp_path, "eu/billing").parent.parent
    assert why_none((top / inside).resolve()) == why


def test_without_a_repository_the_whole_path_says_where_there_is_none(tmp_path: Path) -> None:
    assert why_none(tmp_path / "nowhere") == f"{tmp_path / 'nowhere'} is not there"
