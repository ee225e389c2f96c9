"""``reconciler schema``: the JSON Schemas of the YAML and of the plan."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.output import note
from reconciler.desired.schema import schema_documents, schema_text
from reconciler.model.errors import ReconcilerError
from reconciler.report.plan_json import plan_schema

_ENDING = ".schema.json"


@click.command("schema")
@click.option("--check", is_flag=True, help="Write nothing; fail where a file differs.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="schemas",
    show_default=True,
    metavar="DIR",
    help="Where the files are.",
)
def command(output: Path, *, check: bool) -> int:
    """Write or check the JSON Schemas."""
    texts = {f"{name}{_ENDING}": schema_text(schema) for name, schema in _schemas().items()}
    try:
        return _check(output, texts) if check else _write(output, texts)
    except OSError as error:
        raise ReconcilerError(
            f"the schemas cannot be read or written: {error.strerror}",
            where=str(output),
            remedy="check the path, its permissions, and the room that is left on the disk",
        ) from error


def _schemas() -> dict[str, dict[str, object]]:
    return {**schema_documents(), "plan": plan_schema()}


def _write(output: Path, texts: dict[str, str]) -> int:
    output.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (output / name).write_text(text, encoding="utf-8")
    note(f"{len(texts)} schemas written to {output}")
    return Exit.DONE


def _check(output: Path, texts: dict[str, str]) -> int:
    wrong = [name for name, text in texts.items() if _content(output / name) != text]
    present = {path.name for path in output.glob(f"*{_ENDING}")}
    for name in wrong:
        note(f"{output / name}: {'out of date' if name in present else 'missing'}")
    for name in sorted(present - set(texts)):
        note(f"{output / name}: belongs to no kind of file; remove it")
    if not wrong and present == set(texts):
        note(f"{len(texts)} schemas are up to date")
        return Exit.DONE
    if wrong:
        note("run `reconciler schema` and commit the result")
    return Exit.FAILED


def _content(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
