"""Every call this client makes, and the fields each may carry. Nothing else is ever sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Value: TypeAlias = object
"""JSON-like: mappings, sequences, text, whole numbers, decimals, truth values, None."""


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint. ``fields`` are dotted names, ``[]`` standing for the entries of a list."""

    method: Literal["GET", "POST"]
    path: str
    effect: Literal["read", "write"]
    carries: Literal["nothing", "query", "form", "json"] = "nothing"
    fields: frozenset[str] = frozenset()

    @property
    def endpoint(self) -> str:
        """Method and path template: what BMS counts calls by."""
        return f"{self.method} {self.path}"

    def address(self, ids: Mapping[str, int]) -> str:
        """The path with its ids filled in."""
        return self.path.format_map(ids)

    def check(self, payload: Value) -> None:
        """Raise ``ValueError`` if the payload has a field that is not on this call's list."""
        unlisted = sorted(set(names(payload)) - self.fields)
        if unlisted:
            raise ValueError(f"{self.endpoint} does not carry {', '.join(unlisted)}")


def names(payload: Value, prefix: str = "") -> Iterator[str]:
    """The dotted names of every value in a payload."""
    if isinstance(payload, Mapping):
        for key, value in payload.items():
            yield from names(value, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(payload, Sequence) and not isinstance(payload, str):
        for entry in payload:
            yield from names(entry, f"{prefix}[]")
    elif prefix:
        yield prefix


PAGE: Final = ("PageSize", "PageNumber")


def _reads(path: str, *fields: str) -> Call:
    return Call("GET", path, "read", "query" if fields else "nothing", frozenset(fields))


def _searches(path: str, *fields: str) -> Call:
    return Call("POST", path, "read", "json", frozenset((*PAGE, *fields)))


def _writes(path: str, *fields: str) -> Call:
    return Call("POST", path, "write", "json", frozenset(fields))


def _signs_in(path: str, *fields: str) -> Call:
    return Call("POST", path, "read", "form", frozenset(fields))


AUTHENTICATE: Final = _signs_in(
    "/v2/security/authenticate", "UserName", "Password", "Tenant", "GrantType"
)
REFRESH: Final = _signs_in("/v2/security/refreshtoken", "AccessToken", "RefreshToken")

ACCOUNTS: Final = _reads("/v2/crm/accounts/summary", *PAGE)
CONTRACTS: Final = _reads("/v2/finance/contracts/summary", *PAGE, "Filter.ContractName")
CONTRACT_LOOKUP: Final = _reads(
    "/v2/finance/contracts/lookup", "AccountId", "ExcludeExpiredContracts"
)
SERVICES: Final = _searches("/v2/admin/finance/services/search")
ROWS: Final = _searches(
    "/v2/admin/finance/services/{serviceId}/relatedservices/search", "Filter.ContractName"
)
JOB: Final = _reads("/v2/admin/finance/services/{serviceId}/backgroundjob")
INVOICES: Final = _reads("/v2/finance/invoices/summary", *PAGE, "Filter.CreatedFrom")
INVOICE_LINES: Final = _searches("/v2/finance/invoices/details", "Filter.ListInvoiceIds")
K1_STATUS: Final = _reads("/v2/admin/k1/status")
K1_MODULES: Final = _reads("/v2/admin/k1/modules")
K1_MAPPINGS: Final = _searches(
    "/v2/admin/k1/organizationmappings/search", "Filter.SourceProductIds[]"
)

POST_ROW: Final = _writes(
    "/v2/finance/contracts/recurringservices/{contractId}/services",
    "[].ServiceId",
    "[].ServiceName",
    "[].ServiceDescription",
    "[].Units",
    "[].UnitCost",
    "[].UnitPrice",
    "[].EffectiveDate",
)
REPRICE: Final = _writes(
    "/v2/admin/finance/services/{serviceId}/relatedservices/bulkupdate",
    "SelectedClientContractServices[].ClientContractId",
    "SelectedClientContractServices[].ClientContractServiceId",
    "Values.ServiceName",
    "Values.ServiceDescription",
    "Values.UnitPrice",
    "Values.UnitCost",
    "Values.EffectiveDate",
)

ALL: Final = (
    AUTHENTICATE,
    REFRESH,
    ACCOUNTS,
    CONTRACTS,
    CONTRACT_LOOKUP,
    SERVICES,
    ROWS,
    JOB,
    INVOICES,
    INVOICE_LINES,
    K1_STATUS,
    K1_MODULES,
    K1_MAPPINGS,
    POST_ROW,
    REPRICE,
)
