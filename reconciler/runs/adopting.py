"""Propose to take over what a person changed in BMS, where that is clear and wished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reconciler.desired import load
from reconciler.desired.files import unlabelled
from reconciler.desired.fixing import Fixed, fix
from reconciler.engine.by_hand import HandEdit
from reconciler.engine.question import fixed_on, settings_on
from reconciler.github import Tag
from reconciler.github.pulls import Retold, Wanted
from reconciler.report.adopting_markdown import TakenOver, on_branch, reason
from reconciler.runs.branches import own_branch, own_title
from reconciler.runs.proposing import Proposed, Proposer

if TYPE_CHECKING:
    from datetime import date

    from reconciler.model.desired import DesiredState
    from reconciler.model.place import Origin

_SETTLED: Final = "What was changed by hand is settled, or is not clear any more."
_SETTLED_OR_ALERT: Final = (
    "What was changed by hand is settled, is not clear any more, or is on an account with"
    " `on_drift: alert`: the drift issue tells of what is left."
)
_ALERT: Final = "With `on_drift: alert` nothing of this is proposed: the drift issue tells of it."


@dataclass(frozen=True, slots=True)
class Adopting:
    """One pull request for all of them, brought up to date."""

    proposer: Proposer

    def propose(self, edits: Sequence[HandEdit], currency: str, today: date) -> Proposed:
        """It is closed where nothing is left of it."""
        wanted = [one for one in edits if one.on_drift == "adopt"]
        files, taken = self._files(wanted, today)
        if not taken:
            alert = any(one.on_drift == "alert" for one in edits)
            return self.proposer.withdraw(self._branch, _SETTLED_OR_ALERT if alert else _SETTLED)
        left = tuple(one for one in wanted if one not in taken)
        asked = TakenOver(tuple(taken), left, currency)
        around, job = self.proposer.around, self.proposer.job
        at = int(around.clock.now().timestamp())
        return self.proposer.propose(
            Wanted(
                branch=self._branch,
                base=job.branch,
                tag=Tag("adopt", str(around.repository), "", at),
                title=own_title(around, asked.title),
                text=asked.text,
                end=f"\n<sub>By [this run]({job.link}).</sub>",
                retold=lambda folder: self._retold(folder, asked),
            ),
            files,
        )

    def _retold(self, folder: Path, asked: TakenOver) -> Retold:
        """By the units of a branch that somebody else committed to."""
        around, state = self.proposer.around, load(folder)
        fixed = _fixed(state, around.today(state))
        told = on_branch(asked, [one for one in asked.edits if fixed.get(one.origin) != one.after])
        return Retold(own_title(around, told.title), told.text)

    def unwished(self) -> Proposed:
        """It is closed, where one is left from before: no account has `on_drift: adopt`."""
        return self.proposer.withdraw(self._branch, _ALERT)

    @property
    def _branch(self) -> str:
        return own_branch(self.proposer.around, "adopt")

    def _files(
        self, edits: Sequence[HandEdit], today: date
    ) -> tuple[dict[str, bytes], list[HandEdit]]:
        """As they lie in the configuration's folder, and the edits that they have."""
        config = self.proposer.around.config
        by_file: dict[str, list[HandEdit]] = defaultdict(list)
        for one in edits:
            by_file[unlabelled(config, one.origin.file)].append(one)
        files: dict[str, bytes] = {}
        taken: list[HandEdit] = []
        for name, some in sorted(by_file.items()):
            wanted = {Fixed(one.origin.path, one.after, reason(one)): one for one in some}
            content, done = fix(self._content(name), list(wanted), today)
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


def _fixed(state: DesiredState, day: date) -> dict[Origin, int]:
    fixed = ((line.origin, fixed_on(settings_on(line, day), day)) for line in state.lines())
    return {origin: one.units for origin, one in fixed if one is not None}
