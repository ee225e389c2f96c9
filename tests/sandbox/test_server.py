"""The sandbox in a file and on a port, with other processes at work on the same file."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import httpx
import pytest

from reconciler.sandbox import Behaviour, Sandbox, SandboxError
from tests.sandbox.conftest import TODAY

LOOKUP = "/v2/crm/accounts/lookup"


def log_in(client: httpx.Client, sandbox: Sandbox) -> None:
    settings = sandbox.client_settings
    form = {
        "GrantType": "password",
        "UserName": settings.username,
        "Password": settings.password,
        "Tenant": settings.company,
    }
    answer = client.post("/v2/security/authenticate", data=form).json()
    client.headers["Authorization"] = f"Bearer {answer['result']['accessToken']}"


def test_the_same_application_answers_on_a_port(tmp_path: Path) -> None:
    with Sandbox.create(tmp_path / "bms.sqlite", now=TODAY) as sandbox, sandbox.serve() as url:
        assert url.startswith("http://127.0.0.1:")
        sandbox.add_account("Teal Tech Inc.")
        with httpx.Client(base_url=url) as client:
            log_in(client, sandbox)
            assert client.get(LOOKUP).json()["result"][0]["name"] == "Teal Tech Inc."


def test_over_a_socket_a_lost_answer_is_a_closed_connection(tmp_path: Path) -> None:
    with (
        Sandbox.create(tmp_path / "bms.sqlite", now=TODAY) as sandbox,
        sandbox.serve() as url,
        httpx.Client(base_url=url) as client,
    ):
        log_in(client, sandbox)
        sandbox.faults.arm("lose-answer-after-write")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(LOOKUP)
        sandbox.faults.arm("slow", seconds=0.3)
        with pytest.raises(httpx.ReadTimeout):
            client.get(LOOKUP, timeout=0.05)
        assert client.get(LOOKUP).status_code == httpx.codes.OK


def test_another_process_moves_the_clock_and_arms_faults(tmp_path: Path) -> None:
    path = tmp_path / "bms.sqlite"
    with Sandbox.create(path, now=TODAY) as serving, serving.serve() as url:
        with Sandbox.open(path) as other:
            other.set_clock(date(2026, 12, 1))
            other.faults.arm("http-500-before")
        with httpx.Client(base_url=url) as client:
            log_in(client, serving)
            assert client.get(LOOKUP).status_code == 500
        assert serving.today() == date(2026, 12, 1)


def test_a_reset_in_place_is_seen_by_a_server(tmp_path: Path) -> None:
    path = tmp_path / "bms.sqlite"
    with Sandbox.create(path, now=TODAY) as serving, serving.serve() as url:
        serving.add_account("Teal Tech Inc.")
        Sandbox.reset(path).close()
        with httpx.Client(base_url=url) as client:
            log_in(client, serving)
            assert len(client.get(LOOKUP).json()["result"]) == 62


def test_many_callers_at_once_lose_nothing(tmp_path: Path) -> None:
    sandbox = Sandbox.create(tmp_path / "bms.sqlite", now=TODAY)
    account = sandbox.add_account("Teal Tech Inc.")
    service = sandbox.add_service("Managed Workstation", "22.00")
    contract = sandbox.add_contract(account, "Managed Services", TODAY, date(2027, 1, 1))
    path = f"/v2/finance/contracts/recurringservices/{contract}/services"
    line = {"ServiceId": service, "Units": 1, "EffectiveDate": "2026-11-23T00:00:00"}

    def post_some(url: str) -> None:
        with httpx.Client(base_url=url) as client:
            log_in(client, sandbox)
            for _ in range(5):
                client.post(path, json=[line])

    with sandbox, sandbox.serve() as url:
        callers = [threading.Thread(target=post_some, args=(url,)) for _ in range(4)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        assert sandbox.tables().units(contract, service) == 20


def test_a_sandbox_is_found_again_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "bms.sqlite"
    behaviour = Behaviour(line_update="upsert")
    with Sandbox.create(path, behaviour=behaviour, now=TODAY, tenant="Another MSP") as made:
        made.add_account("Teal Tech Inc.")
    with Sandbox.open(path) as found:
        assert found.behaviour == behaviour
        assert found.client_settings.company == "Another MSP"
        assert found.today() == TODAY
        assert "BMS_USERNAME" in "\n".join(found.settings_at("http://x").exports())


def test_a_file_that_is_no_sandbox_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database" * 100)
    with pytest.raises(SandboxError, match="is not a sandbox"):
        Sandbox.open(text)
    with pytest.raises(SandboxError, match="no sandbox at"):
        Sandbox.open(tmp_path / "missing.sqlite")
    with pytest.raises(SandboxError, match="is there already"):
        Sandbox.create(text)
