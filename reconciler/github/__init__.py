"""GitHub, as the workflows use it: comments of a pull request, issues, and the files of a run."""

from reconciler.github.answers import PullRequest
from reconciler.github.client import GithubClient
from reconciler.github.comments import Found, Posted, editor, find, last_written, mark, post, says
from reconciler.github.event import Event, Job
from reconciler.github.failures import GithubError
from reconciler.github.journal import Entered, Entry, Month, add, enter
from reconciler.github.marker import Marker
from reconciler.github.standing import Kept, Standing, keep
from reconciler.github.statuses import State, Status, set_status, status_of
from reconciler.github.tag import Tag

__all__ = [
    "Entered",
    "Entry",
    "Event",
    "Found",
    "GithubClient",
    "GithubError",
    "Job",
    "Kept",
    "Marker",
    "Month",
    "Posted",
    "PullRequest",
    "Standing",
    "State",
    "Status",
    "Tag",
    "add",
    "editor",
    "enter",
    "find",
    "keep",
    "last_written",
    "mark",
    "post",
    "says",
    "set_status",
    "status_of",
]
