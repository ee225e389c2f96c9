"""The executor: the only room that may write to BMS."""

from reconciler.apply.executor import Executor
from reconciler.apply.journal import Journal, Writer
from reconciler.apply.moments import Moment

__all__ = ["Executor", "Journal", "Moment", "Writer"]
