"""Branches of ours: the usual names, and others for a second configuration."""

from __future__ import annotations

import subprocess

import pytest

from reconciler.runs.branches import named


def test_the_usual_configuration_has_the_plain_name() -> None:
    assert named("approvals", "billing-config") == "reconciler/approvals"


@pytest.mark.parametrize(
    "config", ["eu/billing", "a b", "", ".", "../x", "naïve~^:?*[", "x.lock", "/a"]
)
def test_every_other_has_its_own_that_git_takes(config: str) -> None:
    name = named("approvals", config)
    assert name != "reconciler/approvals"
    subprocess.run(["git", "check-ref-format", f"refs/heads/{name}"], check=True)
