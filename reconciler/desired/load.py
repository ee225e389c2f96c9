"""The whole configuration directory as one desired state, or every problem of it at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler.desired.accounts import Accounts, exclusions, periods
from reconciler.desired.broken import Names, check_broken, names_of
from reconciler.desired.broken_claims import claimant_of
from reconciler.desired.claims import Claim, Claimant, check_claims, claimant, claims_of
from reconciler.desired.documents import AccountDoc, BillingDoc
from reconciler.desired.documents.base import Doc
from reconciler.desired.files import Files, read_files
from reconciler.desired.levels import level_of
from reconciler.desired.overlaps import check_overlaps
from reconciler.desired.policies import check_names, policies_of
from reconciler.desired.resolve import Resolver
from reconciler.desired.secrets import unset_variables
from reconciler.desired.services import define, types_named
from reconciler.desired.source import Source
from reconciler.desired.trouble import Trouble, placed
from reconciler.desired.values import Lines, check_account_document, check_exclusions
from reconciler.desired.waivable import check_shown
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import (
    Billing,
    DesiredAccount,
    DesiredState,
    FileSource,
    Guards,
    InvoiceRun,
    LedgerBranch,
    TrueUps,
)
from reconciler.model.errors import ConfigError
from reconciler.model.finding import Problem
from reconciler.model.place import Origin


def load(directory: Path, env: Mapping[str, str] | None = None) -> DesiredState:
    """The desired state of a configuration directory.

    With ``env``, the environment variables that ``bms:`` names must be set in it; their values
    are only read by ``connection``. Raises ``ConfigError`` with all problems of all files.
    """
    state, problems = load_checked(directory, env)
    if state is None:
        raise ConfigError(problems)
    return state


def load_checked(
    directory: Path, env: Mapping[str, str] | None = None
) -> tuple[DesiredState | None, tuple[Problem, ...]]:
    """The same without raising: no state where there are problems, sorted by place."""
    with _collector_paused():
        return _loaded(read_files(directory), env)


def load_counted(directory: Path) -> DesiredState:
    """The desired state where a file that nothing reads is no mistake: what to compare with, or
    where a ledger is. Who mends such a file needs both of a commit that still has it.
    """
    with _collector_paused():
        state, problems = _loaded(replace(read_files(directory), strays=()), None)
    if state is None:
        raise ConfigError(problems)
    return state


def _loaded(
    files: Files, env: Mapping[str, str] | None
) -> tuple[DesiredState | None, tuple[Problem, ...]]:
    accounts, problems = _checked(files, env)
    if problems or files.billing.doc is None:
        return None, problems
    return _state(files.billing.doc, accounts, files), ()


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the accounts, and what it takes to hold them beside the others."""

    state: DesiredState
    """With the digest of the share's own files."""
    contents: Mapping[str, bytes]
    """Of the share's files and of those that all shares have, by name."""
    claims: frozenset[Claim]


def load_share(directory: Path, accounts: Sequence[Path]) -> Share | None:
    """The desired state with these account files alone; None where anything is wrong.

    What is wrong is told by `load`. Shares whose claims have nothing in common are right together.
    """
    with _collector_paused():
        files = read_files(directory, accounts)
        found, problems = _checked(files, None)
        if problems or files.billing.doc is None:
            return None
        state = _state(files.billing.doc, found, files)
        return Share(state, dict(files.contents()), claims_of(found))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Loading makes many objects and no cycles; looking for cycles meanwhile costs a third."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _checked(
    files: Files, env: Mapping[str, str] | None
) -> tuple[tuple[DesiredAccount, ...], tuple[Problem, ...]]:
    problems = list(files.problems())
    troubles: list[Trouble] = []
    names = names_of(files)
    accounts = _accounts(files, names, troubles)
    troubles += _checks(files, names, accounts)
    if env is not None and files.billing.readable is not None:
        troubles += unset_variables(files.billing.readable, files.billing.file, env)
    contents = {one.file: one.content for one in files.all()}
    told = {one.position for one in problems}
    problems += (p for p in placed(check_broken(names, files), contents) if p.position not in told)
    problems += placed(troubles, contents)
    return accounts, tuple(sorted(problems, key=_order))


def _order(problem: Problem) -> tuple[str, int, int, str]:
    at = problem.position
    return at.file, at.line, at.column, problem.code


def _accounts(files: Files, names: Names, troubles: list[Trouble]) -> tuple[DesiredAccount, ...]:
    billing = files.billing.readable
    builder = Accounts(
        define(files.services, troubles),
        resolver_of(billing, files.billing.file),
        periods(billing.billing if billing else None, Billing()),
        billing.mode if billing else "propose",
        billing.on_drift if billing else "alert",
        troubles,
        names.services,
    )
    return tuple(builder.build(doc, one.file) for one, doc in _read(files.accounts))


def _read(
    sources: tuple[Source[AccountDoc], ...],
) -> Iterator[tuple[Source[AccountDoc], AccountDoc]]:
    return ((one, one.readable) for one in sources if one.readable is not None)


def resolver_of(billing: BillingDoc | None, file: str) -> Resolver:
    """Settings as billing.yaml, standing in ``file``, begins them."""
    policies = policies_of(billing, file)
    if billing is None:
        return Resolver(policies)
    named = "default_policy" in billing.model_fields_set
    return Resolver(
        policies,
        billing.default_policy,
        level_of(billing.settings, file, ("settings",)),
        Origin(file, ("default_policy",)) if named else None,
    )


def _checks(files: Files, names: Names, accounts: tuple[DesiredAccount, ...]) -> Iterator[Trouble]:
    if names.policies is not None:
        yield from _check_policies(files, names.policies)
    billing = files.billing.readable
    if billing is not None:
        yield from check_exclusions(billing.exclude, files.billing.file)
        yield from check_shown(billing.findings, files.billing.file)
    lines = Lines(names.policies if billing is not None else None)
    for account in accounts:
        yield from lines.check(account)
        yield from check_overlaps(account)
    for source, doc in _read(files.accounts):
        yield from check_account_document(doc, source.file)
    yield from check_claims(_claimants(files, names, accounts))


def _claimants(
    files: Files, names: Names, accounts: tuple[DesiredAccount, ...]
) -> Iterator[Claimant]:
    """In the order of the files, so that what is told does not turn with a mistake in one."""
    built = {one.origin.file: one for one in accounts}
    for source in files.accounts:
        if source.file in built:
            yield claimant(built[source.file])
        elif source.file in names.trees:
            yield claimant_of(names.trees[source.file], source.file)


def _check_policies(files: Files, known: frozenset[str]) -> Iterator[Trouble]:
    sources: tuple[Source[Any], ...] = (files.billing, *files.services, *files.accounts)
    for source in sources:
        if source.readable is not None:
            yield from check_names(source.readable, source.file, known)


def _state(doc: BillingDoc, accounts: tuple[DesiredAccount, ...], files: Files) -> DesiredState:
    return DesiredState(
        tenant=doc.tenant,
        currency=doc.currency,
        time_zone=doc.time_zone,
        mode=doc.mode,
        assumptions=_assumptions(doc),
        guards=Guards(**_given(doc.guards)),
        sources=tuple(FileSource(one.path, one.max_age) for one in doc.usage),
        accounts=accounts,
        digest=files.digest(),
        billing_starts=doc.billing_starts,
        invoice_run=InvoiceRun(**_given(doc.invoice_run)),
        true_up=TrueUps(**_given(doc.true_up)),
        ledger=LedgerBranch(**_given(doc.ledger)) if doc.ledger else None,
        exclusions=exclusions(doc.exclude),
        shown=dict(doc.findings),
        types=types_named(files.services),
        **_given(doc.bms, "line_note"),
    )


def _assumptions(doc: BillingDoc) -> Assumptions:
    return Assumptions(**_given(doc.bms.assume if doc.bms else None))


def _given(doc: Doc | None, *only: str) -> dict[str, Any]:
    """What a mapping says, so that the rest stays as the model has it by default."""
    if doc is None:
        return {}
    names = doc.model_fields_set.intersection(only) if only else doc.model_fields_set
    return {name: getattr(doc, name) for name in names}
