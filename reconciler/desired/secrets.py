"""Environment variables of `bms:`, and the connection they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reconciler.desired.documents import BillingDoc
from reconciler.desired.documents.words import VARIABLE, why_unsafe
from reconciler.desired.files import read_billing
from reconciler.desired.trouble import Trouble, placed
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import ConfigError, ReconcilerError
from reconciler.model.place import Origin

URL_VARIABLE: Final = "RECONCILER_BMS_URL"
_FIELDS: Final = ("url", "company", "username", "password")
_GOOD_URL: Final = "write https://…, or http:// for this machine only"


class AddressError(ReconcilerError):
    """The address in the environment cannot be BMS's."""


def connection(directory: Path, env: Mapping[str, str]) -> BmsConnection:
    """How to reach BMS, with the values of the environment variables it names.

    ``RECONCILER_BMS_URL`` wins over the file's address. Raises ``ConfigError`` when billing.yaml
    has problems, has no ``bms:``, or names a variable that is not set, and ``AddressError`` for
    an address in the environment that cannot be.
    """
    top = directory.resolve()
    source = read_billing(top)
    if source.doc is None:
        raise ConfigError(source.problems)
    _check_variable(env)
    troubles = list(_troubles(source.doc, source.file, env))
    if troubles:
        raise ConfigError(
            placed(troubles, {source.file: source.content}), "mend that and run the command again"
        )
    values = {name: _value(getattr(source.doc.bms, name), env) for name in _FIELDS}
    return BmsConnection(**{**values, "url": env.get(URL_VARIABLE) or values["url"]})


def addressed(directory: Path) -> dict[str, str]:
    """How BMS is reached and where the ledger is, as billing.yaml has it: variables by their names.

    Raises ``ConfigError`` when billing.yaml has problems.
    """
    source = read_billing(directory.resolve())
    if source.doc is None:
        raise ConfigError(source.problems)
    bms, ledger = source.doc.bms, source.doc.ledger
    found = {} if bms is None else {f"bms.{name}": str(getattr(bms, name)) for name in _FIELDS}
    return found if ledger is None else found | {"ledger.branch": ledger.branch}


def unset_variables(doc: BillingDoc, file: str, env: Mapping[str, str]) -> Iterator[Trouble]:
    """The variables that ``bms:`` names and ``env`` lacks."""
    for field in _FIELDS if doc.bms is not None else ():
        match = VARIABLE.fullmatch(getattr(doc.bms, field))
        if match is None or env.get(match[1]) or (field == "url" and env.get(URL_VARIABLE)):
            continue
        yield Trouble(
            "CFG013",
            f"environment variable {match[1]} is not set",
            "set it, in GitHub Actions as a secret",
            Origin(file, ("bms", field)),
        )


def _troubles(doc: BillingDoc, file: str, env: Mapping[str, str]) -> Iterator[Trouble]:
    if doc.bms is None:
        yield Trouble("CFG018", "`bms:` is missing", "say how to reach BMS", Origin(file))
        return
    unset = list(unset_variables(doc, file, env))
    yield from unset
    url = _value(doc.bms.url, env)
    why = why_unsafe(url) if url and not env.get(URL_VARIABLE) else None
    if why:
        place = Origin(file, ("bms", "url"))
        yield Trouble("CFG003", f"the address of BMS {why}", _GOOD_URL, place)


def _check_variable(env: Mapping[str, str]) -> None:
    why = why_unsafe(env[URL_VARIABLE]) if env.get(URL_VARIABLE) else None
    if why:
        raise AddressError(
            f"the address of BMS {why}",
            where=f"environment variable {URL_VARIABLE}",
            remedy=f"{_GOOD_URL}; without the variable `bms.url` holds",
        )


def _value(text: str, env: Mapping[str, str]) -> str:
    match = VARIABLE.fullmatch(text)
    return env.get(match[1], "") if match else text
