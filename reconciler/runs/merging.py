"""Write what merged pull requests cause: each as it was reviewed, in order, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from reconciler import __version__
from reconciler.desired import load
from reconciler.engine.approvals import awaits_approval
from reconciler.engine.merged_prices import digest_of, named_prices
from reconciler.git import Diff, GitError, Revisions
from reconciler.github import (
    Found,
    GithubClient,
    GithubError,
    PullRequest,
    find,
    last_written,
    mark,
    says,
)
from reconciler.github.answers import login
from reconciler.ledger import Ledger, Run
from reconciler.model.errors import ConfigError, PlanStale, ReconcilerError
from reconciler.model.ledgered import NamedPrice
from reconciler.model.outcome import Applied
from reconciler.report import comment_markdown, merge_status, plan_json
from reconciler.report.merge_status import Waiting
from reconciler.report.plan_view import misfits
from reconciler.report.words import listed
from reconciler.runs import before_first, rewritten, untold
from reconciler.runs.applying import ApplyOptions, ApplyRun, Merged, apply
from reconciler.runs.looked_at import KIND, last_looked_at
from reconciler.runs.merged import INDEXING, Commits
from reconciler.runs.reverting import reverted_since
from reconciler.runs.sent import sent
from reconciler.runs.surroundings import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

    from reconciler.model.plan import Change, Plan


_PART: Final = "part of a pull request that was rebased; its last commit stands for all of it"

Result: TypeAlias = Literal["written", "nothing", "in-part", "refused", "not-reviewed"]


class CommentEdited(ReconcilerError):
    """The comment does not say any more what we wrote: who reviewed it may have seen either."""


class PlannedLate(ReconcilerError):
    """The comment came to say what it says only after the merge: nobody saw it before."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one commit of the main branch."""

    commit: str
    number: int | None
    """Of the pull request; None for a direct push."""
    result: Result
    told: str
    """In one line."""
    run: ApplyRun | None = None
    who: str = ""
    """Whose pull request it was, and who approved it."""
    untold: str = ""
    """What its comment should say, and GitHub did not take."""


@dataclass(frozen=True, slots=True)
class Merges:
    """The merges of one repository into one ledger."""

    around: Surroundings
    ledger: Ledger
    client: GithubClient
    link: str
    """The page of this run."""
    pauses: list[float] = field(default_factory=lambda: list(INDEXING))
    """Left of what it waits for GitHub to know of the merges."""

    def catch_up(self, last: str) -> Iterator[Done]:
        """Every commit of the main line that was not looked at yet, up to ``last``.

        Each is in the ledger before the next is begun, so a run that is ended goes on there; one
        that was begun and is not done is not, and is gone on with.
        """
        untold.say_again(self.around, self.ledger, self.client)
        before = last_looked_at(self.ledger)
        if before is None:
            before = self._begin(last)
        for commit in self._since(before, last):
            done = self._one(commit)
            yield done
            if done.result == "in-part":
                return  # the next run goes on with it, before what was merged after it

    def _begin(self, last: str) -> str | None:
        """The very first run: what it begins with is in the ledger, outside this machine too, so
        that the next one goes on there if it is ended. None for a repository's first commit."""
        before_first.tell(self.around, self.client, last, self.link)
        parents = Revisions(self.around.repository).parents(last)
        if not parents:
            return None
        self._keep(Done(parents[0], None, "nothing", before_first.TOLD), before_first.DETAIL)
        self.ledger.publish()
        return parents[0]

    def _since(self, before: str | None, last: str) -> list[str]:
        revisions = Revisions(self.around.repository)
        try:
            found = revisions.since(before, last)
        except GitError:
            # The main line was rewritten: what was there is gone, and only its end is sure.
            found = revisions.since(None, last)
        if before is not None and rewritten.is_rewritten(revisions, before, last):
            rewritten.tell(self.around, self.ledger, self.client, found, self.link)
        return found

    def _one(self, commit: str) -> Done:
        revisions = Revisions(self.around.repository)
        pull, whole = Commits(self.client, revisions, self.pauses).pull(commit)
        if pull is not None and not whole:
            return self._kept(Done(commit, pull.number, "nothing", _PART))
        comment = self._comment(pull)
        if pull is None or comment is None:
            done = self._unreviewed(commit, pull)
        else:
            who = self._who(pull, comment.marker.head)
            done = replace(self._planned(commit, pull, comment, who), who=who)
        return self._kept(done)

    def _unreviewed(self, commit: str, pull: PullRequest | None) -> Done:
        """Said on the pull request, if it has anything to do with the configuration."""
        told = "nobody reviewed a plan of it; the night does what modes and guards allow"
        if pull is None:
            return Done(commit, None, "not-reviewed", told)
        done = Done(commit, pull.number, "not-reviewed", told, who=self._who(pull, pull.head.sha))
        if not self._touches(commit, pull):
            return done
        status = merge_status.not_reviewed(self.link, sent(self.ledger, commit))
        return replace(done, untold=self._say(done, status))

    def _touches(self, commit: str, pull: PullRequest) -> bool:
        folder = self.around.repository
        base = Commits(self.client, Revisions(folder)).base(commit, pull)
        return bool(Diff(folder, base, commit).files())

    def _planned(self, commit: str, pull: PullRequest, comment: Found, who: str) -> Done:
        """A commit whose configuration cannot be read stops none of those after it."""
        try:
            self._check_seen(comment, pull)
            revisions = Revisions(self.around.repository)
            base = Commits(self.client, revisions).base(commit, pull)
            with revisions.at(commit) as folder:
                around = self._at(folder)
                return self._reviewed(around, (base, commit), pull.number, comment, who)
        except (CommentEdited, PlannedLate) as error:
            done = Done(commit, pull.number, "refused", error.message)
            return replace(done, untold=self._say(done, self._refused(commit, error)))
        except (ConfigError, GitError) as error:
            left = self._mark(comment, self._refused(commit, error))
            return Done(commit, pull.number, "refused", error.message, untold=left)

    def _at(self, folder: Path) -> Surroundings:
        """A commit's configuration. BMS is reached as the main branch says now: a mistake in that
        would stop all that was merged after it, for good."""
        around = self.around.elsewhere(folder, load(folder))
        return replace(around, reached_by=self.around.config)

    def _check_seen(self, comment: Found, pull: PullRequest) -> None:
        """Did people see before the merge what the comment says? What a merge of ours said there
        since is no plan."""
        last = last_written(self.client, comment)
        if last.by:
            raise CommentEdited(
                f"the comment with its plan was edited by {last.by} after it was written, so what"
                " was reviewed is not sure",
                remedy="open a new pull request, or let the night do what modes and guards allow",
            )
        planned = says(comment, comment_markdown.planned(comment.marker.head))
        if planned and pull.merged_at is not None and last.at > pull.merged_at:
            raise PlannedLate(
                "its plan was written into the comment only after it was merged, so nobody saw"
                " these numbers before",
                remedy="let the night do what modes and guards allow, or open a new pull request;"
                " require the status `reconciler`, so that a merge waits for its plan",
            )

    def _reviewed(
        self, around: Surroundings, span: tuple[str, str], number: int, comment: Found, who: str
    ) -> Done:
        base, commit = span
        marker = comment.marker
        self._mark(comment, merge_status.writing(commit, self.link))
        options = ApplyOptions(
            who=who,
            how="merge",
            commit=commit,
            merged=Merged(base, marker.as_of, marker.plan, marker.reverts),
        )
        # Where an earlier run began it, it goes on with what is left of it.
        begun = self._begun(commit, marker.plan)
        try:
            run = apply(around, self.ledger, options, reviewed=begun)
        except PlanStale as error:
            self._point_to_corrections(error, span, marker.reverts)
            left = self._mark(comment, self._refused(commit, error))
            return Done(commit, number, "refused", error.message, untold=left)
        assert run is not None
        # What an earlier run wrote before it was ended is told as well.
        whole = (*(Applied(change, "done") for change in run.already), *run.applied)
        named = self._named(commit, run, marker.prices, who)
        waits = Counter(_waiting(change) for change in run.plan.changes)
        wrong = len(misfits(run.plan.findings))
        waiting = Waiting(waits["held"], waits["stuck"], waits["by-hand"], wrong, run.unplanned)
        told = merge_status.written(whole, run.plan.currency, run.ahead, named, waiting)
        status = merge_status.ended(whole, run.stopped, told, self.link, waiting.all)
        left = self._mark(comment, status)
        return Done(commit, number, _result(run), told, run, untold=left)

    def _begun(self, commit: str, digest: str) -> Plan | None:
        """Its plan, where an earlier run wrote of it; an equal one of another merge of that day is
        none, as what that one wrote may be taken back by now."""
        text = self.ledger.load_plan(digest)
        plan = None if text is None else plan_json.loads(text)
        if plan is None or not any(
            one.how == "merge" and (one.commit or plan.commit) == commit
            for one in self.ledger.approvals(digest)
        ):
            return None
        return plan

    def _refused(self, commit: str, error: ReconcilerError) -> str:
        return merge_status.refused(error, self.link, sent(self.ledger, commit))

    def _point_to_corrections(
        self, error: PlanStale, span: tuple[str, str], planned: tuple[str, ...]
    ) -> None:
        """Main is as it was already: no other pull request could take the writes back."""
        since = reverted_since(Revisions(self.around.repository), self.ledger, *span)
        late = [one for one in since if one not in planned]
        if late:
            error.remedy = (
                f"it reverts {listed([one[:12] for one in late])}, which was written only after"
                " this was planned: take that back with `reconciler apply --correct` and the ref"
                " of the write or of its plan, which `reconciler history` shows"
            )

    def _named(self, commit: str, run: ApplyRun, reviewed: str, who: str) -> tuple[NamedPrice, ...]:
        """Prices of a later day, if they are those that were reviewed: they are let with it.

        A merge written in part is gone on with, and names them then.
        """
        if _result(run) == "in-part" or digest_of(run.later) != reviewed:
            return ()
        named = named_prices(run.later, who)
        self.ledger.name_prices(named, commit, self.around.clock.now())
        return tuple(one for one in named if not one.is_withdrawn)

    def _who(self, pull: PullRequest, head: str) -> str:
        """With those who approved what was planned; an approval of an earlier commit is of other
        numbers."""
        number = pull.number
        approvers = self.client.approvers(number, head)
        by = f", approved by {', '.join(approvers)}" if approvers else ""
        return f"{login(pull)} with #{number}, merged by {self.client.merger(number)}{by}"

    def _comment(self, pull: PullRequest | None) -> Found | None:
        if pull is None:
            return None
        return find(self.client, pull.number, str(self.around.repository))

    def _say(self, done: Done, status: str) -> str:
        assert done.number is not None
        try:
            untold.say(self.around, self.client, done.commit, done.number, status)
        except GithubError:
            return status
        return ""

    def _mark(self, comment: Found, status: str) -> str:
        """What could not be said of it: it is in the run's own output, and the next run says it."""
        try:
            mark(self.client, comment, status)
        except GithubError:
            return status
        return ""

    def _kept(self, done: Done) -> Done:
        if done.result != "in-part":
            self._keep(done)
            if done.untold and done.number is not None:
                untold.keep(self.around, self.ledger, done.commit, done.number, done.untold)
        return done

    def _keep(self, done: Done, detail: str = "pushed directly") -> None:
        clock, state = self.around.clock, self.around.desired()
        self.ledger.append_run(
            Run(
                kind=KIND,
                at=clock.now(),
                version=__version__,
                config=state.digest,
                commit=done.commit,
                as_of=self.around.today(state),
                outcome=done.told,
                detail=done.who or detail,
            )
        )


def _waiting(change: Change) -> str:
    """Held by what no approval does away with, it is stuck."""
    stuck = change.standing == "held" and not awaits_approval(change)
    return "stuck" if stuck else change.standing


def _result(run: ApplyRun) -> Result:
    """What BMS refused is done with, and the rest of its line: the same would be refused for good,
    and nothing may be written before what is in part."""
    refused = {one.change.line.key for one in run.applied if one.result == "refused"}
    left = (one for one in run.applied if one.result == "not-reached")
    if run.stopped is not None or any(one.change.line.key not in refused for one in left):
        return "in-part"
    return "written" if run.applied or run.already else "nothing"
