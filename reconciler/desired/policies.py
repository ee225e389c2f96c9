"""Policies by name, wherever one is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.desired.documents import AccountDoc, BillingDoc, ServicesDoc
from reconciler.desired.documents.account import ContractDoc
from reconciler.desired.documents.settings import SettingsDoc
from reconciler.desired.levels import Level, Path, level_of
from reconciler.desired.resolve import BUILT_IN_POLICIES
from reconciler.desired.trouble import Trouble
from reconciler.model.hints import choose
from reconciler.model.place import Origin

Place = tuple[SettingsDoc, Path]


def policies_of(billing: BillingDoc | None, file: str) -> Mapping[str, Level]:
    """The policies billing.yaml defines, or the built-in ones where it defines none."""
    if billing is None or billing.policies is None:
        return BUILT_IN_POLICIES
    return {name: level_of(doc, file, ("policies", name)) for name, doc in billing.policies.items()}


def check_names(
    doc: BillingDoc | ServicesDoc | AccountDoc, file: str, known: Iterable[str]
) -> Iterator[Trouble]:
    """Is every policy that a document names defined?"""
    known = frozenset(known)
    if isinstance(doc, BillingDoc) and doc.default_policy not in known:
        named = "default_policy" if "default_policy" in doc.model_fields_set else "policies"
        yield unknown_policy(doc.default_policy, Origin(file, (named,)), known)
    for settings, path in _places(doc):
        if settings.policy and settings.policy not in known:
            yield unknown_policy(settings.policy, Origin(file, (*path, "policy")), known)


def unknown_policy(name: str, origin: Origin, known: Iterable[str]) -> Trouble:
    """Nothing defines it."""
    remedy = choose(name, known, "define it under `policies:` in billing.yaml")
    return Trouble("CFG007", f"unknown policy `{name}`", remedy, origin)


def _places(doc: BillingDoc | ServicesDoc | AccountDoc) -> Iterator[Place]:
    if isinstance(doc, ServicesDoc):
        for name, service in doc.services.items():
            yield service, ("services", name)
        return
    if doc.settings is not None:
        yield doc.settings, ("settings",)
    if isinstance(doc, AccountDoc):
        for index, contract in enumerate(doc.contracts):
            yield from _of_contract(contract, ("contracts", index))


def _of_contract(contract: ContractDoc, path: Path) -> Iterator[Place]:
    if contract.settings is not None:
        yield contract.settings, (*path, "settings")
    if isinstance(contract.services, str):
        return
    for name, line in contract.services.items():
        yield line, (*path, "services", name)
        for index, change in enumerate(line.changes):
            yield change, (*path, "services", name, "changes", index)
