"""What the name of a file and the keys at its top say it is meant to be."""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reconciler.desired.folders import ACCOUNTS, APPROVALS, SERVICES, TESTS, counts

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path, PurePath

_ASIDE: Final = re.compile(
    # What tools hide, editors leave behind, and people mark at the front.
    r"[._].*|\#.*\#|.*~|.+\.ya?ml\.\d+"
    r"|(readme|templates?|examples?|samples?)(\..*)?",
    re.IGNORECASE,
)
_ASIDE_ENDING: Final = re.compile(
    r"md|mdx|markdown|rst|adoc|asciidoc|org"
    r"|bak|bkp|backup|save|orig|rej|sw[a-z]|te?mp|log|lock|diff|patch"
    r"|disabled|off|old|new|copy|example|sample|template|dist|j2|jinja2?|tmpl|tpl",
    re.IGNORECASE,
)
"""Of what is for people, of copies, and of what somebody set aside."""

_ASIDE_FOLDER: Final = re.compile(
    r"(.*[-_. ])?(archived?|backups?|old|disabled|templates?|examples?|samples?)", re.IGNORECASE
)

_ACCOUNT: Final = "account"
_KEYS: Final = {
    ACCOUNTS: ("version", _ACCOUNT),
    SERVICES: ("version", "product", "services"),
    APPROVALS: ("version", "approvals"),
    TESTS: ("version", "cases"),
}
"""All stand at the top of a file that belongs into the folder."""

_ENOUGH: Final = 1 << 16
"""Bytes in which the keys of a file stand."""

_ALIKE: Final = 0.7
_LONGEST_ENDING: Final = 5


def set_aside(path: PurePath) -> bool:
    """Does its name, or a folder it lies in, say that it is not to be read?"""
    *folders, name = path.parts
    marked = (_aside(one) or _ASIDE_FOLDER.fullmatch(one) for one in folders)
    return _aside(name) or any(marked)


def misspelt(name: str) -> bool:
    """Is its last ending a slip of one that is read?"""
    _, dot, ending = name.rpartition(".")
    return bool(dot) and not counts(name) and _yaml(ending)


def meant(name: str) -> str:
    """As it would be read."""
    if counts(name):
        return name
    parts = name.split(".")
    at = next((n for n, one in enumerate(parts) if n and _yaml(one)), None)
    if at is None and parts[-1].isalnum() and len(parts[-1]) <= _LONGEST_ENDING:
        at = max(len(parts) - 1, 1)
    return f"{'.'.join(parts[:at])}.yaml"


def kind_of(content: bytes) -> str | None:
    """The folder that a file belongs into by the keys at its top."""
    return _kind(_keys(content))


def kind_in(path: Path) -> str | None:
    """The same of a file; None where it is none, or cannot be read."""
    return _kind(_keys_in(path))


def made_for(path: Path, folder: str, *others: str) -> bool:
    """Does a file belong into a folder of ours, with its `version:` or without? Of the latter only
    accounts are told, by a key that stands nowhere else, and by one of the ``others``, if any."""
    there = _keys_in(path)
    unversioned = folder == ACCOUNTS and _ACCOUNT in there
    return _kind(there) == folder or (unversioned and (not others or bool(there & set(others))))


def _kind(there: Set[str]) -> str | None:
    return next((kind for kind, keys in _KEYS.items() if there >= set(keys)), None)


def _keys_in(path: Path) -> Set[str]:
    with suppress(OSError):
        if path.is_file():
            with path.open("rb") as opened:
                return _keys(opened.read(_ENOUGH))
    return frozenset()


def _keys(content: bytes) -> Set[str]:
    text = content.decode("utf-8-sig", errors="replace")
    return frozenset(re.findall(r"^[\"']?(\w+)[\"']?\s*:", text, re.MULTILINE))


def _aside(name: str) -> bool:
    """By its last ending, or by the one before an ending that says nothing, as in
    account.example.yaml; a customer's name may have such a word within."""
    *parts, last = name.split(".")
    while len(parts) > 1 and (_yaml(last) or last.isdigit() or last.casefold() == "txt"):
        last = parts.pop()
    marked = any(parts) and _ASIDE_ENDING.fullmatch(last) is not None
    return marked or _ASIDE.fullmatch(name) is not None


def _yaml(ending: str) -> bool:
    """Not `xaml` or `raml`, which are formats of their own, nor `yaml2`."""
    said = ending.strip().casefold()
    close = get_close_matches(said, ("yaml", "yml"), 1, _ALIKE)
    return bool(close) and said.isalpha() and said.startswith("y")
