"""GitHub, as the workflows use it: comments of a pull request, and the files of a run."""

from reconciler.github.client import GithubClient
from reconciler.github.comments import Posted, post
from reconciler.github.event import Event, Job
from reconciler.github.failures import GithubError
from reconciler.github.marker import Marker

__all__ = ["Event", "GithubClient", "GithubError", "Job", "Marker", "Posted", "post"]
