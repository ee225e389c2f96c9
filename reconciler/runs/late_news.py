"""News that a later run of a day found has a comment of its own, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.engine.digests import digest
from reconciler.github import Entry, GithubClient, Month, Tag, add
from reconciler.report import late_news
from reconciler.runs.known_news import abouts

if TYPE_CHECKING:
    from reconciler.model.finding import Finding
    from reconciler.report.daily import Day


def tell(
    client: GithubClient, month: Month, day: Day, found: tuple[Finding, ...], end: str
) -> None:
    """In the month's issue, beside the day's comment. Nothing where ``found`` is nothing.

    Its tag has what it is about: where the ledger could not keep that it was told, the next run of
    the day finds it there.
    """
    if not found:
        return
    about = digest(sorted(what for one in found for what in abouts(one)))[:16]
    tag = Tag("news", month.tag.config, f"{day.as_of} {about}", month.tag.at)

    def text(limit: int) -> str:
        return late_news.render(day.as_of, found, day.currency, limit)

    add(client, month, Entry(tag, text, end, notable=True))
