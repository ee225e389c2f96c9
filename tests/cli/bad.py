"""What every told failure has: what happened, where, what to do, an exit code, no traceback."""

from __future__ import annotations

from tests.cli.shop import Result


def told(result: Result, code: int, what: str, where: str, remedy: str) -> None:
    """Asserts all of it; line breaks do not matter."""
    text = " ".join(result.err.split())
    assert "Traceback" not in result.err + result.out
    assert result.code == code, result
    assert "error:" in text.lower()
    assert what in text
    assert where in text
    assert "what to do:" in text
    assert remedy in text
