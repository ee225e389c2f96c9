"""What is in many files of a commit, by one command."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.git.command import Git, failed


def contents(git: Git, commit: str, names: Sequence[str]) -> list[bytes]:
    """Of each, in their order. Names are from the repository's top. GitError where one is no file
    of the commit."""
    # Git before 2.38 knows no -z here.
    end, how = ("\0", ("-z",)) if any("\n" in name for name in names) else ("\n", ())
    asked = "".join(f"{commit}:{name}{end}" for name in names).encode()
    answer = git.run("cat-file", "--batch", *how, given=asked).stdout
    found, place = [], 0
    for name in names:
        line = answer.index(b"\n", place)
        _, *kind = answer[place:line].split(b" ")
        if len(kind) != 2 or kind[0] != b"blob":
            raise failed("cat-file", f"{name} is no file of {commit}")
        begin = line + 1
        place = begin + int(kind[1]) + 1
        found.append(answer[begin : place - 1])
    return found
