"""All that the runs of a town left for others, and what of it GitHub does not take as text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from tests.ledger.branch.copies import git

if TYPE_CHECKING:
    from markdown_it.token import Token

    from tests.workflows.town import Town

PARSER: Final = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HIDDEN: Final = re.compile(r"<!-- reconciler \{.*\} -->\n")
OURS: Final = re.compile(r"</?(details|summary|sub|br|code|strong|b)>")
COMMANDS: Final = (
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group",
    "internal-set-repo-path", "notice", "remove-matcher", "save-state", "set-env", "set-output",
    "stop-commands", "warning",
)  # fmt: skip
"""What a runner obeys: `::name ...::` where a line begins, and `##[name ...]` anywhere in it."""
_COMMAND: Final = re.compile(
    rf"^\s*::({'|'.join(COMMANDS)})( [^\n]*?)?::|##\[({'|'.join(COMMANDS)})( [^\n]*?)?\]"
)
_TURNS: Final = ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDF", "PDI")


def commands(output: str) -> list[str]:
    """Lines of a step's output that its runner would obey."""
    lines = re.split(r"[\n\r\x85\u2028\u2029]", output)
    return [line for line in lines if _COMMAND.search(line)]


def markdown(town: Town) -> Iterator[tuple[str, str]]:
    """Every text that GitHub renders, by where it stands."""
    api = town.hub.api
    for one in (*api.issues, *api.opened):
        if "body" in one:
            yield f"#{one['number']}", one["body"]
    for one in api.comments:
        yield f"a comment of #{one['number']}", one["body"]
    for number, job in enumerate(town.runner.done):
        yield f"the summary of job {number}", job.summary


def everything(town: Town) -> Iterator[tuple[str, str]]:
    """Whatever anybody can read afterwards, by where it stands."""
    yield from markdown(town)
    api, repository = town.hub.api, town.hub.repository
    yield "titles", "\n".join(str(one["title"]) for one in (*api.issues, *api.opened))
    yield "statuses", str(list(api.statuses.values()))
    for number, job in enumerate(town.runner.done):
        yield f"the output of job {number}", job.output
        yield from ((f"{name} of job {number}", text) for name, text in job.kept.items())
    for ref in git(repository, "for-each-ref", "--format=%(refname)").splitlines():
        yield f"the name of {ref!r}", ref
        yield f"commits of {ref}", git(repository, "log", "--format=%an %ae %B", ref)
        for name in git(repository, "ls-tree", "-r", "-z", "--name-only", ref).split("\0"):
            if name:
                yield f"{name} on {ref}", git(repository, "show", f"{ref}:{name}")


def wrong(text: str) -> list[str]:
    """What of a text in Markdown is more than text, beside what we write ourselves."""
    text = HIDDEN.sub("", text)
    found = [f"character {one!r}" for one in sorted(set(text)) if _unfit(one)]
    for token in _tokens(PARSER.parse(text)):
        if token.type in ("html_inline", "html_block"):
            left = OURS.sub("", token.content)
            found += [f"HTML {one}" for one in re.findall(r"<[^>]*>?", left)]
        elif token.type in ("image", "s_open", "link_open", "hr", "code_block"):
            address = str(token.attrs.get("href", ""))
            if not address.startswith("http://127.0.0.1:") and token.type != "hr":
                found.append(f"{token.type} {address}")
        elif token.type == "text":
            found += [f"link {one}" for one in _links(html.unescape(token.content))]
    return found


def _links(text: str) -> list[str]:
    """What GitHub itself would make a link or a mention of; our own numbers are small."""
    return re.findall(r"@\w+|#\d{4,}|\bGH-\d+|https?://\S+|\bwww\.\w+", text, re.IGNORECASE)


def _unfit(one: str) -> bool:
    control = unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") and one != "\n"
    return control or unicodedata.bidirectional(one) in _TURNS


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or [])
