"""What `docs/github.md` has a person paste."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from tests.workflows.files import CALLERS, ROOT

SED = """\
#!/bin/bash
# As on macOS: what follows a bare `-i` would be the ending of the copies.
for word; do [[ $word != -i ]] || exit 1; done
exec {sed} "$@"
"""


def test_the_callers_are_pointed_to_a_commit_with_any_sed(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "github.md").read_text("utf-8")
    (pasted,) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / ".github" / "workflows"
    shutil.copytree(CALLERS, folder)
    (tmp_path / "sed").write_text(SED.format(sed=shutil.which("sed")), "utf-8")
    (tmp_path / "sed").chmod(0o755)
    script = pasted.replace("OWNER", "msp").replace("COMMIT", "a" * 40)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=env, check=True)
    assert {one.name for one in folder.iterdir()} == {one.name for one in CALLERS.iterdir()}
    for one in folder.iterdir():
        uses = re.search(r"^    uses: (.*)", one.read_text("utf-8"), re.MULTILINE)
        assert uses is not None
        assert uses[1] == f"msp/reconciler/.github/workflows/{one.name}@{'a' * 40}"
