"""The names behind a line's ids, for people."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.bms import LineKey, Observation


def names(seen: Observation | None) -> Callable[[LineKey], tuple[str, str, str]]:
    """Account, contract and service of a line as BMS was last seen; `id 1001` where it is gone."""
    seen = seen or Observation()
    accounts = {account.id: account.name for account in seen.accounts}
    contracts = {contract.id: contract.name for contract in seen.contracts}
    services = {service.id: service.name for service in seen.services}

    def named(line: LineKey) -> tuple[str, str, str]:
        return (
            accounts.get(line.account_id, f"id {line.account_id}"),
            contracts.get(line.contract_id, f"id {line.contract_id}"),
            services.get(line.service_id, f"id {line.service_id}"),
        )

    return named
