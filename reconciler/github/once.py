"""Make a thing once though its answer may be lost, and in a length that GitHub takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from reconciler.github.client import GithubClient
from reconciler.github.failures import TooLong, Unsure

LIMITS: Final = (60_000, 30_000, 10_000)
"""In bytes of UTF-8. GitHub names 65,536 characters; a shorter text where it takes less."""

LOOKS: Final = 3
"""So often it is looked whether something came about whose making got no answer."""

Made = TypeVar("Made")
Found = TypeVar("Found")
Result = TypeVar("Result")


def once(
    client: GithubClient, make: Callable[[], Made], find: Callable[[], Found | None]
) -> Made | Found:
    """What ``make`` made, or what ``find`` finds of it after an answer that was lost."""
    for look in range(LOOKS):
        try:
            return make()
        except Unsure:
            if look == LOOKS - 1:
                raise
            client.sleep(2.0**look)
            there = find()
            if there is not None:
                return there
    raise AssertionError("it was not tried")


def within(write: Callable[[int], Result]) -> Result:
    """Write a text of at most so many bytes; a shorter one where GitHub takes less."""
    for limit in LIMITS:
        try:
            return write(limit)
        except TooLong:
            if limit == LIMITS[-1]:
                raise
    raise AssertionError("no limit was tried")
