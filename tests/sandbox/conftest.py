"""A small sandbox with one contract, and a client that is logged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx
import pytest

from reconciler.sandbox import Behaviour, Sandbox
from reconciler.sandbox.transport import SandboxTransport

TODAY = date(2026, 11, 23)
LINES = "/v2/finance/contracts/recurringservices/{}/services"


@dataclass(frozen=True, slots=True)
class Bms:
    """A sandbox, its ids, and the calls a test makes of it."""

    sandbox: Sandbox
    client: httpx.Client
    account: int
    contract: int
    service: int
    row: int

    def log_in(self) -> dict[str, Any]:
        settings = self.sandbox.client_settings
        answer = self.client.post(
            "/v2/security/authenticate",
            data={
                "GrantType": "password",
                "UserName": settings.username,
                "Password": settings.password,
                "Tenant": settings.company,
            },
        ).json()
        result: dict[str, Any] = lowered(answer)["result"]
        self.client.headers["Authorization"] = f"Bearer {result['accesstoken']}"
        return result

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """A GET with its envelope's names in small letters."""
        names = {name.replace("__", "."): str(value) for name, value in query.items()}
        response = self.client.get(path, params=names)
        assert response.status_code == httpx.codes.OK, response.text
        answer: dict[str, Any] = lowered(response.json())
        return answer

    def send(self, path: str, body: object, method: str = "POST") -> dict[str, Any]:
        response = self.client.request(method, path, json=body)
        assert response.status_code == httpx.codes.OK, response.text
        answer: dict[str, Any] = lowered(response.json())
        return answer

    def post(self, units: object, day: str = "2026-11-23", **more: object) -> dict[str, Any]:
        """Post one line of the service to the contract."""
        line = {
            "ServiceId": self.service,
            "Units": units,
            "UnitPrice": 22,
            "UnitCost": 4,
            "EffectiveDate": f"{day}T00:00:00",
            **more,
        }
        return self.send(LINES.format(self.contract), [line])

    def price(self) -> Any:
        """The contract's total as its summary shows it."""
        return self.get("/v2/finance/contracts/summary")["result"][0]["contractbillingprice"]

    def rows(self) -> list[dict[str, Any]]:
        """The service's rows, as the API shows them."""
        path = f"/v2/admin/finance/services/{self.service}/relatedservices/search"
        found: list[dict[str, Any]] = self.send(path, {})["result"]
        return found


def lowered(value: Any) -> Any:
    """The same JSON with every name in small letters."""
    if isinstance(value, dict):
        return {name.lower(): lowered(inner) for name, inner in value.items()}
    return [lowered(each) for each in value] if isinstance(value, list) else value


def build(**choices: Any) -> Bms:
    """A sandbox with a contract of ten units at 22.00, and a client that is logged in."""
    sandbox = Sandbox.create(":memory:", behaviour=Behaviour(**choices), now=TODAY)
    account = sandbox.add_account("Brass Building Supplies")
    service = sandbox.add_service("Managed Workstation", "22.00", cost="4.10")
    contract = sandbox.add_contract(
        account, "Managed Services", date(2025, 1, 15), date(2027, 12, 31)
    )
    row = sandbox.add_line(contract, service, 10, date(2025, 1, 15))
    client = httpx.Client(
        transport=SandboxTransport(sandbox.app), base_url=sandbox.client_settings.url
    )
    bms = Bms(sandbox, client, account, contract, service, row)
    bms.log_in()
    return bms


@pytest.fixture
def make_bms() -> Callable[..., Bms]:
    """Builds a sandbox that behaves as told."""
    return build


@pytest.fixture
def bms() -> Bms:
    """A sandbox that behaves as it does by default."""
    return build()
