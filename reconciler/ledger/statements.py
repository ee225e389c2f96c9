"""SQL as SQLAlchemy takes it; each statement is read once."""

from __future__ import annotations

from functools import cache

import sqlalchemy


@cache
def text(words: str) -> sqlalchemy.TextClause:
    """A statement with its parameters, such as ``:id``."""
    return sqlalchemy.text(words)
