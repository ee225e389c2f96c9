"""Files named on the command line."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from reconciler.cli.output import write
from reconciler.model.errors import ReconcilerError

STANDARD_OUTPUT = 1


class FileError(ReconcilerError):
    """A file named on the command line cannot be read or written."""


def read_file(path: Path) -> str:
    """Its text; FileError with the system's word for what is wrong."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _failed("read", path, error) from error


def write_file(path: Path, text: str) -> None:
    """All of it, or the old file stays. A link stays too: what it leads to is written.

    A pipe or a device such as ``/dev/stdout`` has no old content, and gets the text as it comes.
    """
    try:
        there = path.stat() if path.exists() else None
        if there is None or not _is_standard_output(there):
            _write(path, text, there)
            return
    except OSError as error:
        raise _failed("written", path, error) from error
    # Whatever it is: a second opening of it would write over what stands there.
    write(text)


def _write(path: Path, text: str, there: os.stat_result | None) -> None:
    if there is not None and (stat.S_ISFIFO(there.st_mode) or stat.S_ISCHR(there.st_mode)):
        path.write_text(text, encoding="utf-8")
    else:
        _replace(Path(os.path.realpath(path)) if path.is_symlink() else path, text)


def make_folder(path: Path) -> None:
    """With what is above it; FileError where that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _failed("made", path, error) from error


def new_folder(path: Path) -> None:
    """Missing or empty before, so that nothing in it is old; FileError else."""
    make_folder(path)
    if any(path.iterdir()):
        raise FileError(
            "the folder is not empty",
            where=str(path),
            remedy="name a new folder, or remove what is in it",
        )


def _is_standard_output(there: os.stat_result) -> bool:
    try:
        return os.path.samestat(there, os.fstat(STANDARD_OUTPUT))
    except OSError:
        return False


def _replace(path: Path, text: str) -> None:
    if not path.parent.exists():
        raise FileError(
            f"the file cannot be written: there is no folder {path.parent}",
            where=str(path),
            remedy="make the folder first, or name a file in one that is there",
        )
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _failed(what: str, path: Path, error: OSError | UnicodeDecodeError) -> FileError:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return FileError(
        f"the file cannot be {what}: {said}",
        where=str(path),
        remedy="free some space and run again; the old file, if any, is as it was"
        if isinstance(error, OSError) and error.errno == errno.ENOSPC
        else "check the path and its permissions",
    )
