"""Values that are right alone and wrong together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from reconciler.desired.contradictions import contradictions
from reconciler.desired.documents import AccountDoc
from reconciler.desired.documents.base import ExclusionDoc, OrganizationDoc
from reconciler.desired.services import check_product
from reconciler.desired.trouble import Trouble
from reconciler.desired.waivable import check_waiver
from reconciler.model.desired import DesiredAccount, DesiredContract, DesiredLine
from reconciler.model.hints import choose
from reconciler.model.place import Origin
from reconciler.model.settings import InvoiceOn, LineSettings

Claimed: TypeAlias = Mapping[str, list[OrganizationDoc]]


class Lines:
    """Checks settings of lines, each shared object once.

    ``policies``: those that are defined; None where billing.yaml cannot be read. It, or the policy
    that a wrong name stands for, may say what settings seem to lack.
    """

    def __init__(self, policies: frozenset[str] | None) -> None:
        self._policies = policies
        self._seen: dict[tuple[int, InvoiceOn], LineSettings] = {}

    def check(self, account: DesiredAccount) -> Iterator[Trouble]:
        """Every line of an account."""
        for contract in account.contracts:
            for line in contract.lines:
                yield from self._line(contract, line)

    def _line(self, contract: DesiredContract, line: DesiredLine) -> Iterator[Trouble]:
        for dated in line.settings:
            key = (id(dated.settings), contract.billing.invoice)
            if key not in self._seen:
                self._seen[key] = dated.settings
                yield from self._settings(dated.settings, contract.billing.invoice, line.origin)
        if len(line.settings) > 1 and len({one.day for one in line.settings}) < len(line.settings):
            origin = Origin(line.origin.file, (*line.origin.path, "changes"))
            yield Trouble("CFG003", "two changes start on one day", "merge them", origin)
        if line.start and line.last_day and line.last_day < line.start:
            origin = Origin(line.origin.file, (*line.origin.path, "last_day"))
            yield Trouble("CFG003", "`last_day` is before `from`", "mend one of the two", origin)

    def _settings(
        self, settings: LineSettings, invoice: InvoiceOn, line: Origin
    ) -> Iterator[Trouble]:
        whole = self._policies is not None and settings.policy in self._policies
        yield from contradictions(settings, line, whole=whole)
        if not whole:
            return
        if invoice == "start" and "late" not in settings.origins and settings.late == "hold":
            yield from _needs_late(settings, line)


def _needs_late(settings: LineSettings, line: Origin) -> Iterator[Trouble]:
    for name, value in (("increase", settings.increase), ("decrease", settings.decrease)):
        if value == "period-start":
            yield Trouble(
                "CFG014",
                f"`{name}: period-start` needs `late:` where invoices are issued at a period's"
                " start: the period is invoiced already",
                "add `late: prorated-transaction` or `late: next-period`",
                settings.origins.get(name, line),
            )


def check_account_document(doc: AccountDoc, file: str) -> Iterator[Trouble]:
    """Names of products, organizations and codes in one account file."""
    yield from _products(doc.organizations, file, ("organizations",))
    for index, contract in enumerate(doc.contracts):
        path = ("contracts", index)
        if contract.organizations is not None:
            yield from _ours(doc, contract.organizations, file, (*path, "organizations"))
        if isinstance(contract.services, str):
            continue
        for name, line in contract.services.items():
            if line.organizations is not None:
                below = (*path, "services", name, "organizations")
                yield from _ours(doc, line.organizations, file, below)
    yield from check_exclusions(doc.exclude, file)
    for index, waiver in enumerate(doc.waivers):
        origin = Origin(file, ("waivers", index, "code"))
        yield from check_waiver(waiver.code, origin, of_service=waiver.service is not None)


def check_exclusions(docs: list[ExclusionDoc], file: str) -> Iterator[Trouble]:
    """Products named by exclusions."""
    for index, one in enumerate(docs):
        if one.product is not None:
            yield from check_product(one.product, Origin(file, ("exclude", index, "product")))


def _products(named: Collection[str], file: str, path: tuple[str | int, ...]) -> Iterator[Trouble]:
    for product in named:
        yield from check_product(product, Origin(file, (*path, product)), at_key=True)


def _ours(
    doc: AccountDoc, named: Claimed, file: str, path: tuple[str | int, ...]
) -> Iterator[Trouble]:
    """Organizations of a contract or line must be some of the account's."""
    yield from _products(named, file, path)
    for product, organizations in named.items():
        mapped = doc.organizations.get(product, ())
        known: set[str | None] = {key for one in mapped for key in (one.id, one.name)}
        names = {key for key in known if key is not None}
        for index, one in enumerate(organizations):
            if not {one.id, one.name} & names:
                shown = one.name or one.id or ""
                message = f"`{shown}` is not one of the account's organizations of {product}"
                remedy = choose(shown, names, "add it to the account's `organizations:`")
                yield Trouble("CFG003", message, remedy, Origin(file, (*path, product, index)))
