"""The executor: the only room that may write to BMS."""

from reconciler.apply.executor import Executor
from reconciler.apply.journal import Journal, Writer
from reconciler.apply.moments import Moment
from reconciler.apply.session import Session

__all__ = ["Executor", "Journal", "Moment", "Session", "Writer"]
