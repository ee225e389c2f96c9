"""Accounts, contracts and lines: the documents with every setting resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from reconciler.desired.documents import AccountDoc
from reconciler.desired.documents.account import ContractDoc, LineDoc
from reconciler.desired.documents.base import ExclusionDoc, OrganizationDoc, PeriodsDoc
from reconciler.desired.levels import Level, Path, level_of
from reconciler.desired.resolve import Resolver, Stack
from reconciler.desired.services import Definition, reference, unknown_service
from reconciler.desired.trouble import Trouble
from reconciler.model.desired import (
    Billing,
    DesiredAccount,
    DesiredContract,
    DesiredLine,
    Exclusion,
    OnDrift,
    OrganizationRef,
    Organizations,
    Waiver,
)
from reconciler.model.place import Origin
from reconciler.model.settings import DatedSettings, Mode

OrganizationDocs: TypeAlias = Mapping[str, list[OrganizationDoc]]


class Accounts:
    """Turns account documents into accounts; unknown services become troubles."""

    def __init__(
        self,
        services: Mapping[str, Definition],
        resolver: Resolver,
        billing: Billing,
        mode: Mode,
        on_drift: OnDrift,
        troubles: list[Trouble],
        known: frozenset[str] | None,
    ) -> None:
        """``known``: every service that may be named; None where nobody can tell."""
        self._services = services
        self._resolver = resolver
        self._billing = billing
        self._mode: Mode = mode
        self._on_drift: OnDrift = on_drift
        self._troubles = troubles
        self._known = known

    def build(self, doc: AccountDoc, file: str) -> DesiredAccount:
        """One account file."""
        level = level_of(doc.settings, file, ("settings",))
        billing = periods(doc.billing, self._billing)
        return DesiredAccount(
            account=reference(doc.account),
            mode=doc.mode or self._mode,
            on_drift=doc.on_drift or self._on_drift,
            organizations=organizations(doc.organizations),
            contracts=tuple(
                self._contract(one, file, ("contracts", index), level, billing)
                for index, one in enumerate(doc.contracts)
            ),
            origin=Origin(file),
            exclusions=exclusions(doc.exclude),
            waivers=tuple(self._waivers(doc, file)),
        )

    def _contract(
        self, doc: ContractDoc, file: str, path: Path, account: Level, billing: Billing
    ) -> DesiredContract:
        level = level_of(doc.settings, file, (*path, "settings"))
        above = tuple(one for one in (account, level) if one.values)
        wider = organizations(doc.organizations) if doc.organizations is not None else None
        return DesiredContract(
            contract=reference(doc.contract),
            billing=periods(doc.billing, billing),
            lines=tuple(self._lines(doc, file, (*path, "services"), above, wider)),
            origin=Origin(file, path),
            every_service=doc.services == "all",
        )

    def _lines(
        self, doc: ContractDoc, file: str, path: Path, above: Stack, wider: Organizations | None
    ) -> Iterator[DesiredLine]:
        if isinstance(doc.services, str):
            for definition in self._services.values():
                yield _line(LineDoc(), definition, Origin(file, path), above, wider, self._resolver)
            return
        for name, line in doc.services.items():
            origin = Origin(file, (*path, name))
            known = self._services.get(name)
            if known is None:
                self._unknown_service(name, origin, at_key=True)
            else:
                yield _line(line, known, origin, above, wider, self._resolver)

    def _waivers(self, doc: AccountDoc, file: str) -> Iterator[Waiver]:
        for index, one in enumerate(doc.waivers):
            origin = Origin(file, ("waivers", index))
            if one.service is not None and one.service not in self._services:
                self._unknown_service(one.service, Origin(file, (*origin.path, "service")))
            yield Waiver(one.code, one.reason, one.until, origin, one.service)

    def _unknown_service(self, name: str, origin: Origin, *, at_key: bool = False) -> None:
        if self._known is not None and name not in self._known:
            self._troubles.append(unknown_service(name, origin, self._known, at_key=at_key))


def _line(
    doc: LineDoc,
    definition: Definition,
    origin: Origin,
    above: Stack,
    wider: Organizations | None,
    resolver: Resolver,
) -> DesiredLine:
    shared = (definition.level, *above)
    return DesiredLine(
        service=definition.name,
        bms_service=definition.bms_service,
        defined=definition.bms_origin,
        settings=_dated(doc, origin, shared, resolver),
        origin=origin,
        start=doc.start,
        last_day=doc.last_day,
        organizations=wider if doc.organizations is None else organizations(doc.organizations),
        note=doc.note,
    )


def _dated(
    doc: LineDoc, origin: Origin, shared: Stack, resolver: Resolver
) -> tuple[DatedSettings, ...]:
    level = level_of(doc, origin.file, origin.path)
    own: Stack = (level,) if level.values else ()
    if not doc.changes:
        return (resolver.from_the_start(shared, own),)
    dated = [resolver.from_the_start(shared, own)]
    for index, change in sorted(enumerate(doc.changes), key=lambda one: one[1].start):
        path = (*origin.path, "changes", index)
        own = (*own, level_of(change, origin.file, path))
        dated.append(DatedSettings(change.start, resolver.settings(shared, own)))
    return tuple(dated)


def periods(doc: PeriodsDoc | None, above: Billing) -> Billing:
    """What ``doc`` says, the rest as above it."""
    if doc is None:
        return above
    return Billing(doc.periods or above.periods, doc.invoice or above.invoice)


def organizations(docs: OrganizationDocs) -> Organizations:
    """By product, as the model has them."""
    return {product: tuple(organization(one) for one in named) for product, named in docs.items()}


def exclusions(docs: Iterable[ExclusionDoc]) -> tuple[Exclusion, ...]:
    """As the model has them."""
    return tuple(
        Exclusion(
            reason=one.reason,
            organization=_maybe_organization(one.organization),
            product=one.product,
            until=one.until,
        )
        for one in docs
    )


def _maybe_organization(doc: OrganizationDoc | None) -> OrganizationRef | None:
    return organization(doc) if doc is not None else None


def organization(doc: OrganizationDoc) -> OrganizationRef:
    """A name or id as the model has it."""
    return OrganizationRef(doc.id, doc.name)
