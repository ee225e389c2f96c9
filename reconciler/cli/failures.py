"""What happens when a command cannot do its work.

An expected failure is told in a few lines; a defect keeps its traceback.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconciler.cli.ending import Terminated, orderly
from reconciler.cli.exits import Exit
from reconciler.cli.form import say_failure
from reconciler.cli.output import note
from reconciler.cli.streams import OutputError, silence, streams
from reconciler.model.errors import ReconcilerError

if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(command: Callable[[], object]) -> int:
    """Run it; the exit code to end with. What is not an expected failure is raised on."""
    with streams(), orderly():
        return _ended(command)


def _ended(command: Callable[[], object]) -> int:
    try:
        code = command()
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        say_failure(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("interrupted")
        return Exit.INTERRUPTED
    except Terminated:
        note("terminated")
        return Exit.TERMINATED
    except BrokenPipeError:
        silence(sys.stdout)  # whoever read us has seen enough
        return Exit.FAILED
    except OutputError as error:
        note(told(error))
        silence(sys.stdout)
        return error.exit_code
    except ReconcilerError as error:
        note(told(error))
        say_failure(error)
        return error.exit_code
    return code if isinstance(code, int) else Exit.DONE


def told(error: ReconcilerError) -> str:
    """What happened, where, and what to do, each on its own line."""
    lines = [f"error: {error.message}"]
    lines += [f"  {detail}" for detail in error.details]
    if error.where:
        lines.append(f"  where: {error.where}")
    if error.remedy:
        lines.append(f"  what to do: {error.remedy}")
    return "\n".join(_shown(line) for line in lines)


def _shown(line: str) -> str:
    from reconciler.report.outside import plain

    return plain(line)
