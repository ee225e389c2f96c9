"""What the README tells to type does not undo what it told before."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_what_is_installed_does_not_replace_the_environment_that_make_keeps() -> None:
    text = README.read_text("utf-8")
    assert "make demo" in text
    installs = re.findall(r"`[^`]*\bpip install [^`]*`", text)
    assert installs
    assert not [command for command in installs if ".venv" in command]
