"""``reconciler rule``: what a finding's code means."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.files import make_folder, write_file
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.findings import CODES, Code
from reconciler.report import rule_text


@click.command("rule")
@click.argument("code", required=False)
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a page per code and an index there instead.",
)
@common("text", "json", "markdown")
def command(code: str | None, pages: Path | None, options: Options) -> int:
    """Explain a finding's code, or list all codes."""
    if pages is not None:
        return _write(pages)
    codes = [_found(code)] if code else list(CODES.values())
    match options.format:
        case "json":
            write(rule_text.dumps(codes))
        case "markdown":
            write("\n".join(rule_text.markdown(one) for one in codes))
        case _ if code:
            rule_text.render(codes[0], terminal(options))
        case _:
            rule_text.render_list(codes, terminal(options))
    return Exit.DONE


def _write(folder: Path) -> Exit:
    make_folder(folder)
    for name, text in rule_text.pages(CODES.values()).items():
        write_file(folder / name, text)
    note(f"{len(CODES)} pages in {folder}")
    return Exit.DONE


def _found(code: str) -> Code:
    found = CODES.get(code.upper())
    if found is None:
        near = get_close_matches(code.upper(), CODES, n=1)
        hint = f"did you mean {near[0]}?" if near else "`reconciler rule` lists all codes"
        raise click.BadParameter(f"{code!r} is not a code; {hint}", param_hint="CODE")
    return found
