"""Commands that start at once: a process that has loaded the program is forked for each.

Waiting takes no time there: the command's clock goes on by as much, and what was waited is kept.
"""

from __future__ import annotations

import gc
import importlib
import os
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NoReturn, SupportsIndex

import time_machine

CLIENT: Final = """\
#!{python} -IS
import posix, sys
from _socket import AF_UNIX, SCM_RIGHTS, SOL_SOCKET, socket
line = socket(AF_UNIX)
line.connect({address!r})
env = [name + b"=" + value for name, value in posix.environ.items()]
words = [{moment!r}, posix.getcwd(), str(len(sys.argv) - 1), *sys.argv[1:]]
asked = b"\\0".join([*map(str.encode, words), *env])
streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
line.sendmsg([asked], [(SOL_SOCKET, SCM_RIGHTS, streams)])
line.shutdown(1)
code = line.recv(8)
if not code:
    posix.kill(posix.getpid(), 9)  # as the command was
sys.exit(int(code))
"""
"""Without a module that it can do without: each command starts it, and waits for it."""
DATE: Final = """\
#!/bin/bash
now=$(<'{moment}')
for word; do
  shift
  [[ $word != [0-9]*' ago' ]] || word="$now $word" given=yes
  set -- "$@" "$word"
done
exec /bin/date ${{given-"--date=$now"}} "$@"
"""
_COMMANDS: Final = "reconciler.cli.commands"
LOADED: Final = (
    "h11",
    "httpcore",
    "reconciler.bms.client",
    "reconciler.cli.main",
    f"{_COMMANDS}.baseline",
    f"{_COMMANDS}.explain",
    f"{_COMMANDS}.github",
    f"{_COMMANDS}.ledger",
    f"{_COMMANDS}.usage",
    f"{_COMMANDS}.validate",
    f"{_COMMANDS}.verify",
    "reconciler.desired.mistakes",
    "reconciler.desired.schema",
    "reconciler.ledger.branch",
    "reconciler.runs.actual",
    "reconciler.runs.commenting",
    "reconciler.runs.daily",
    "reconciler.runs.drifting",
    "reconciler.runs.merging",
    "reconciler.runs.verifying",
    "sqlalchemy.dialects.sqlite",
)


@dataclass(frozen=True)
class Moment:
    """The time, in a file: each command goes on from where the one before ended.

    Beside it what they waited, and who they are.
    """

    path: Path

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text("utf-8"))

    def set(self, moment: datetime) -> None:
        self.path.write_text(moment.astimezone(UTC).isoformat(), "utf-8")

    @property
    def waits(self) -> list[float]:
        """In seconds, each wait of each command so far."""
        path = self.path.with_suffix(".waits")
        return [float(line) for line in path.read_text("utf-8").split()] if path.exists() else []

    @property
    def process(self) -> int:
        """The command that was started last."""
        return int(self.path.with_suffix(".pid").read_text("utf-8"))


@dataclass(frozen=True)
class Warm:
    """Where commands are started."""

    address: str

    def install(self, folder: Path, moment: Moment) -> None:
        """A ``reconciler`` that is this very program, and a ``date`` that agrees with it."""
        text = CLIENT.format(python=sys.executable, address=self.address, moment=str(moment.path))
        for name, content in (("reconciler", text), ("date", DATE.format(moment=moment.path))):
            (folder / name).write_text(content, "utf-8")
            (folder / name).chmod(0o755)


@contextmanager
def warmed() -> Iterator[Warm]:
    """While the block runs."""
    # The path of a socket is short, that of a test's folder may not be.
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        address = str(Path(folder) / "line")
        command = [sys.executable, "-m", __name__, address]
        root = Path(__file__).parents[2]
        with subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            try:
                yield Warm(address)
            finally:
                process.stdin.close()  # tells it to end


def _begin(folder: Path) -> None:
    """Do once what else each command does first: classes are completed when they are needed."""
    from reconciler.desired import load
    from reconciler.report.plan_json import plan_schema
    from reconciler.trust import trusted
    from tests.cli import shop

    shop.write_files(folder)
    load(folder / "billing-config")
    plan_schema()
    trusted()


def _serve(address: str) -> None:
    """Until standard input ends."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        os.write(1, b"ready\n")
        while listener.fileno() in select.select([listener.fileno(), 0], [], [])[0]:
            line, _ = listener.accept()
            _reap()
            with line:
                if os.fork() == 0:
                    listener.close()
                    _work(line)


def _reap() -> None:
    """Let go of commands that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _work(line: socket.socket) -> NoReturn:
    """One command, in a process of its own."""
    asked, streams, _, _ = socket.recv_fds(line, 1 << 20, 3)
    while more := line.recv(1 << 20):
        asked += more
    moment, place, count, *words = map(os.fsdecode, asked.split(b"\0"))
    arguments, env = words[: int(count)], words[int(count) :]
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Made anew: what the old ones knew of their files is no longer so.
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, errors="backslashreplace")
    os.chdir(place)
    os.environ.clear()
    for one in env:
        name, _, value = one.partition("=")
        os.environ[name] = value
    code = _run(arguments, Moment(Path(moment)))
    line.sendall(str(code).encode())
    os._exit(0)


def _run(arguments: list[str], moment: Moment) -> int:
    moment.path.with_suffix(".pid").write_text(str(os.getpid()), "utf-8")
    from reconciler.cli.main import main

    sys.argv = ["reconciler", *arguments]
    code = 0
    with time_machine.travel(moment.now) as clock:
        _Waiting.clock, _Waiting.kept = clock, moment.path.with_suffix(".waits")
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException as crash:
            sys.excepthook(type(crash), crash, crash.__traceback__)
            code = 1
        moment.set(datetime.now(UTC))
    sys.stdout.flush()
    sys.stderr.flush()
    return code


class _Waiting:
    """In place of `time.sleep`."""

    clock: time_machine.Traveller
    kept: Path
    really: Final = time.sleep

    @classmethod
    def sleep(cls, seconds: float | SupportsIndex) -> None:
        if sys._getframe(1).f_globals["__name__"] == "subprocess":
            cls.really(seconds)  # for a process, which does not go by our clock
            return
        cls.clock.shift(float(seconds))
        with cls.kept.open("a", encoding="utf-8") as file:
            file.write(f"{seconds}\n")


if __name__ == "__main__":
    time.sleep = _Waiting.sleep  # before anything takes the real one
    for name in LOADED:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as place:
        _begin(Path(place))
    gc.freeze()  # else a look for cycles in one of the forked would copy all of it
    _serve(sys.argv[1])
