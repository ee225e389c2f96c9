"""Propose to take over what a person changed in BMS, where that is clear and wished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.desired.fixing import Fixed, fix
from reconciler.engine.by_hand import HandEdit
from reconciler.github import Tag
from reconciler.github.pulls import Wanted
from reconciler.report.adopting_markdown import TakenOver, reason
from reconciler.runs.branches import own_branch, own_title
from reconciler.runs.proposing import Proposed, Proposer


@dataclass(frozen=True, slots=True)
class Adopting:
    """One pull request for all of them, brought up to date."""

    proposer: Proposer

    def propose(self, edits: Sequence[HandEdit], currency: str) -> Proposed:
        """It is closed where nothing is left of it."""
        wanted = [one for one in edits if one.on_drift == "adopt"]
        files, taken = self._files(wanted)
        branch = own_branch(self.proposer.around, "adopt")
        if not taken:
            why = "What was changed by hand is settled, or is not clear any more."
            return self.proposer.withdraw(branch, why)
        left = tuple(one for one in wanted if one not in taken)
        asked = TakenOver(tuple(taken), left, currency)
        around, job = self.proposer.around, self.proposer.job
        at = int(around.clock.now().timestamp())
        return self.proposer.propose(
            Wanted(
                branch=branch,
                base=job.branch,
                tag=Tag("adopt", str(around.repository), "", at),
                title=own_title(around, asked.title),
                text=asked.text,
                end=f"\n<sub>By [this run]({job.link}).</sub>",
            ),
            files,
        )

    def _files(self, edits: Sequence[HandEdit]) -> tuple[dict[str, bytes], list[HandEdit]]:
        """As they lie in the configuration's folder, and the edits that they have."""
        by_file: dict[str, list[HandEdit]] = defaultdict(list)
        for one in edits:
            by_file[one.origin.file.partition("/")[2]].append(one)
        files: dict[str, bytes] = {}
        taken: list[HandEdit] = []
        for name, some in sorted(by_file.items()):
            wanted = {Fixed(one.origin.path, one.after, reason(one)): one for one in some}
            content, done = fix(self._content(name), list(wanted))
            if done:
                files[name] = content
                taken += [wanted[one] for one in done]
        return files, taken

    def _content(self, name: str) -> bytes:
        path: Path = self.proposer.around.config / name
        try:
            return path.read_bytes()
        except OSError:
            return b""  # it was there when the configuration was read: nothing to be added to
