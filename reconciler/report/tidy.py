"""No spaces at the ends of printed lines: wrapped text and padded tables leave them, and whoever
copies, compares or pipes the output meets them."""

from __future__ import annotations

import re
from typing import Any, Final, TextIO, cast

_ENDS: Final = re.compile(r"[ \t]+((?:\x1b\[[0-9;]*m)*)(?=\n)")


class _Tidy:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(_ENDS.sub(r"\1", text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def tidy(stream: TextIO) -> TextIO:
    """The same stream for a console, which writes whole lines."""
    return cast("TextIO", _Tidy(stream))
