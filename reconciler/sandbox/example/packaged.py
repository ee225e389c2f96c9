"""The example's data files."""

from __future__ import annotations

import csv
from importlib.resources import files


def text(name: str) -> str:
    """The text of a packaged file."""
    return files("reconciler.sandbox.example").joinpath(name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a packaged CSV."""
    return list(csv.DictReader(text(name).splitlines()))


def chance(*words: object) -> int:
    """A number from 0 to 999,999 that depends on the words alone, on every machine and day."""
    value = 2166136261
    for byte in "|".join(map(str, words)).encode():
        value = (value ^ byte) * 16777619 % 2**32
    value = (value ^ value >> 15) * 2246822519 % 2**32
    value = (value ^ value >> 13) * 3266489917 % 2**32
    return (value ^ value >> 16) % 1_000_000
