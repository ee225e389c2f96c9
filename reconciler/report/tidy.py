"""Printed lines as others meet them: who copies, compares or pipes them, and a workflow's runner.

Wrapped text and padded tables leave spaces at the ends of lines; and a line that is wrapped may
begin with any word of a name.
"""

from __future__ import annotations

import re
from typing import Any, Final, TextIO, cast

from reconciler.report.outside import inert

_ENDS: Final = re.compile(r"[ \t]+((?:\x1b\[[0-9;]*m)*)(?=\n)")


class _Tidy:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(inert(_ENDS.sub(r"\1", text)))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def tidy(stream: TextIO) -> TextIO:
    """The same stream for a console, which writes whole lines."""
    return cast("TextIO", _Tidy(stream))
