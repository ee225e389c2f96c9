"""Git itself, run as a program: never through a shell, and never asking anybody anything."""

from reconciler.git.branch import Branch
from reconciler.git.command import Git, GitError
from reconciler.git.diff import Diff
from reconciler.git.revisions import Revisions

__all__ = ["Branch", "Diff", "Git", "GitError", "Revisions"]
