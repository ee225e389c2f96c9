"""Texts of billing.yaml with rules of their own."""

from __future__ import annotations

import re
from difflib import get_close_matches
from string import Formatter
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import PlainValidator, WithJsonSchema

from reconciler.desired.scalars import read_text, read_whole, refuse

SOURCES: Final = ("file",)
NOTE_FIELDS: Final = ("change", "units", "date", "ref")

REF_NAME: Final = re.compile(r"[A-Za-z0-9_]+(?:[./-][A-Za-z0-9_]+)*", re.ASCII)
VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
_CHANGE_ID: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def read_change_id(found: object) -> str:
    """The id of a change, as a plan has it."""
    text = read_text(found)
    if not _CHANGE_ID.fullmatch(text):
        refuse(
            found,
            "the id exactly as `reconciler plan --format json` has it: 16 digits of 0-9 and a-f,"
            " in small letters",
        )
    return text


def read_currency(found: object) -> str:
    """Three capital letters."""
    text = read_text(found)
    if not _CURRENCY.fullmatch(text):
        refuse(found, "a currency code such as USD")
    return text


def read_time_zone(found: object) -> str:
    """A name of the IANA time zone database."""
    text = read_text(found)
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        close = get_close_matches(text, sorted(available_timezones()), 1)
        meant = f"; did you mean `{close[0]}`?" if close else ""
        refuse(found, f"a time zone such as America/New_York{meant}")
    return text


def read_day_of_month(found: object) -> int:
    """1 to 28, so that every month has it."""
    number = read_whole(found)
    if not 1 <= number <= 28:
        refuse(found, "a day of the month from 1 to 28")
    return number


def read_source_kind(found: object) -> str:
    """A kind of usage source this release knows."""
    text = read_text(found)
    if text not in SOURCES:
        refuse(found, f"a source this release knows: {', '.join(SOURCES)}")
    return text


def read_variable_or_text(found: object) -> str:
    """Text, or ``${NAME}`` for the value of an environment variable."""
    if isinstance(found, str) and "${" in found:
        if not VARIABLE.fullmatch(found):
            refuse(found, "text, or ${NAME} alone")
        return found
    return read_text(found)


def read_secret(found: object) -> str:
    """Only ``${NAME}``; the message never repeats what stands there."""
    if found is None or not isinstance(found, str):
        refuse(found, "${NAME}, the environment variable that holds the password")
    if not VARIABLE.fullmatch(found):
        refuse("***", "${NAME}, such as ${BMS_PASSWORD}", "CFG015")
    return found


def read_ref_name(found: object) -> str:
    """A plain name of a branch or remote: nothing that git could take for an option or address."""
    text = read_text(found)
    if not REF_NAME.fullmatch(text):
        refuse(found, "a plain name, such as reconciler-ledger")
    return text


def read_url(found: object) -> str:
    """An https address (http on this machine only), or ``${NAME}``."""
    text = read_variable_or_text(found)
    return text if VARIABLE.fullmatch(text) or is_safe_url(text) else _refuse_url(found)


def is_safe_url(text: str) -> bool:
    """Passwords may be sent to it: https, or http to this machine; no query, no credentials."""
    return why_unsafe(text) is None


def why_unsafe(text: str) -> str | None:
    """What is wrong with an address, without repeating it: it may hold a password."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is not a web address"
    if parts.scheme == "http" and host and host not in _LOOPBACK:
        return "begins with http://, which would send the password in the clear"
    if parts.scheme not in ("http", "https") or not host:
        return "is not a web address"
    if parts.query or parts.fragment or parts.username or parts.password:
        return "has more than a host and a path"
    return None


def _refuse_url(found: object) -> str:
    refuse(found, "an address such as https://api.bms.kaseya.com (https, or http on this machine)")


def read_line_note(found: object) -> str:
    """A template of the fields ``NOTE_FIELDS``; ``{ref}`` is what proves a write."""
    text = read_text(found)
    try:
        fields = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        refuse(found, "a template whose braces are closed")
    for name, spec, conversion in fields:
        if name not in NOTE_FIELDS or spec or conversion:
            listed = ", ".join(f"{{{field}}}" for field in NOTE_FIELDS)
            refuse(found, f"a template of {listed}")
    if "ref" not in [name for name, _, _ in fields]:
        refuse(found, "a template with {ref}: it proves that a write arrived")
    return text


_VARIABLE_OR_TEXT: Final = {"type": ["string", "number"], "minLength": 1}

ChangeId: TypeAlias = Annotated[
    str,
    PlainValidator(read_change_id),
    WithJsonSchema({"type": ["string", "number"], "pattern": f"^{_CHANGE_ID.pattern}$"}),
]
Currency: TypeAlias = Annotated[
    str, PlainValidator(read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
]
TimeZone: TypeAlias = Annotated[
    str, PlainValidator(read_time_zone), WithJsonSchema({"type": "string", "minLength": 1})
]
DayOfMonth: TypeAlias = Annotated[
    int,
    PlainValidator(read_day_of_month),
    WithJsonSchema(
        {
            "type": ["integer", "string"],
            "pattern": "^([1-9]|1[0-9]|2[0-8])$",
            "minimum": 1,
            "maximum": 28,
        }
    ),
]
SourceKind: TypeAlias = Annotated[
    str, PlainValidator(read_source_kind), WithJsonSchema({"enum": list(SOURCES)})
]
VariableOrText: TypeAlias = Annotated[
    str, PlainValidator(read_variable_or_text), WithJsonSchema(_VARIABLE_OR_TEXT)
]
Secret: TypeAlias = Annotated[
    str,
    PlainValidator(read_secret),
    WithJsonSchema({"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"}),
]
RefName: TypeAlias = Annotated[
    str,
    PlainValidator(read_ref_name),
    WithJsonSchema({"type": "string", "pattern": f"^{REF_NAME.pattern}$"}),
]
Url: TypeAlias = Annotated[
    str,
    PlainValidator(read_url),
    WithJsonSchema({"type": "string", "pattern": r"^(https?://.+|\$\{[A-Za-z_][A-Za-z0-9_]*\})$"}),
]
LineNote: TypeAlias = Annotated[
    str,
    PlainValidator(read_line_note),
    WithJsonSchema({"type": "string", "pattern": r"\{ref\}"}),
]
