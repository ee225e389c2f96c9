"""Environment variables of `bms:`, and the connection they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from reconciler.desired.documents import BillingDoc
from reconciler.desired.documents.words import VARIABLE, is_safe_url
from reconciler.desired.files import BILLING, label
from reconciler.desired.source import read_source
from reconciler.desired.trouble import Trouble, placed
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import ConfigError
from reconciler.model.place import Origin

URL_VARIABLE: Final = "RECONCILER_BMS_URL"
_FIELDS: Final = ("url", "company", "username", "password")


def connection(directory: Path, env: Mapping[str, str]) -> BmsConnection:
    """How to reach BMS, with the values of the environment variables it names.

    ``RECONCILER_BMS_URL`` wins over the file's address. Raises ``ConfigError`` when billing.yaml
    has problems, has no ``bms:``, or names a variable that is not set.
    """
    top = directory.resolve()
    source = read_source(top / BILLING, label(top, top / BILLING), BillingDoc)
    if source.doc is None:
        raise ConfigError(source.problems)
    troubles = list(_troubles(source.doc, source.file, env))
    if troubles:
        raise ConfigError(placed(troubles, {source.file: source.content}))
    values = {name: _value(getattr(source.doc.bms, name), env) for name in _FIELDS}
    return BmsConnection(**{**values, "url": env.get(URL_VARIABLE) or values["url"]})


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
    url = env.get(URL_VARIABLE) or _value(doc.bms.url, env)
    if url and not is_safe_url(url):
        yield Trouble(
            "CFG003",
            "the address of BMS is not an https address",
            "write https://…, or http:// for this machine only",
            Origin(file, ("bms", "url")),
        )


def _value(text: str, env: Mapping[str, str]) -> str:
    match = VARIABLE.fullmatch(text)
    return env.get(match[1], "") if match else text
