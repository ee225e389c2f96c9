"""GitHub, as the workflows use it: comments of a pull request, and the files of a run."""

from reconciler.github.client import GithubClient
from reconciler.github.comments import Found, Posted, find, mark, post
from reconciler.github.event import Event, Job
from reconciler.github.failures import GithubError
from reconciler.github.marker import Marker

__all__ = [
    "Event",
    "Found",
    "GithubClient",
    "GithubError",
    "Job",
    "Marker",
    "Posted",
    "find",
    "mark",
    "post",
]
