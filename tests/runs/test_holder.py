from __future__ import annotations

import getpass
import os
import socket

import pytest

from reconciler.runs.holder import holder, login


@pytest.fixture
def maria(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "maria")
    monkeypatch.setattr(socket, "gethostname", lambda: "ci-3")
    monkeypatch.setattr(os, "getpid", lambda: 4711)


@pytest.mark.usefixtures("maria")
def test_a_holder_can_be_looked_for_by_user_process_and_machine() -> None:
    assert holder("drift --accept") == "drift --accept (maria, process 4711 on ci-3)"


@pytest.mark.usefixtures("maria")
def test_a_person_is_named_once() -> None:
    assert holder("maria") == "maria (process 4711 on ci-3)"


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert login() == f"user {os.getuid()}"
