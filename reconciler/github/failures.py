"""What can go wrong with GitHub."""

from __future__ import annotations

from reconciler.model.errors import ReconcilerError


class GithubError(ReconcilerError):
    """GitHub could not be asked, or said no."""


class TooLong(GithubError):
    """GitHub does not take a text of that length."""


class Unsure(GithubError):
    """Whether GitHub did it is not known: look before it is asked again."""
