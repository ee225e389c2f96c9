"""Where usage comes from: each source turns what it is given into readings."""

from reconciler.usage.files import FileUsage
from reconciler.usage.pattern import fits, overlooked
from reconciler.usage.problems import BadRows, RowProblem
from reconciler.usage.pull import Pulled, PullReport, ReadingStore, import_file, pull
from reconciler.usage.source import UsageSource

__all__ = [
    "BadRows",
    "FileUsage",
    "PullReport",
    "Pulled",
    "ReadingStore",
    "RowProblem",
    "UsageSource",
    "fits",
    "import_file",
    "overlooked",
    "pull",
]
