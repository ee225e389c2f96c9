"""Everything behind an explanation as one set of files, for somebody who audits it."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Final

from reconciler.desired.files import read_definitions, unlabelled
from reconciler.ledger import Ledger
from reconciler.model.errors import PlanError
from reconciler.model.explanation import Explanation
from reconciler.model.plan import LineRef
from reconciler.model.reading import Reading
from reconciler.report import explain_text
from reconciler.runs.surroundings import Surroundings

COLUMNS: Final = (
    "day", "product", "organization_id", "organization", "metric", "dimension", "quantity", "names",
)  # fmt: skip

README: Final = """\
# {account}, as of {as_of}

Why these lines have their units, derived again from the ledger:

{lines}

| file | what it holds |
|---|---|
{files}

`sha256sum --check SHA256SUMS` tells whether a file was changed since.
"""

WHAT: Final[Mapping[str, str]] = {
    "explanation.md": "the explanation, to read",
    "explanation.json": "the same, to compute with",
    "readings.csv": "what the sources reported on each day of the billing period that was counted",
    "plans": "the plans that wrote to these lines, by digest",
    "configuration": "the files that decided, as they are now",
}


def bundle(
    around: Surroundings, ledger: Ledger, found: Sequence[Explanation], *, customer: bool
) -> Mapping[str, str]:
    """Texts by path inside the bundle; a customer's holds neither plans nor configuration."""
    currency = around.desired().currency
    readings = (reading for one in found for reading in one.period_readings)
    files = {
        "explanation.md": explain_text.to_markdown(found, currency, customer=customer),
        "explanation.json": explain_text.dumps(found, customer=customer),
        "readings.csv": _csv(readings, customer=customer),
    }
    if not customer:
        files |= _plans(ledger, found) | _configuration(around, found)
    files["README.md"] = _readme(found, files)
    return {**files, "SHA256SUMS": "".join(_sums(files))}


def _csv(readings: Iterable[Reading], *, customer: bool) -> str:
    """A customer is not told which of our files a reading came from."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS if customer else (*COLUMNS, "source"))
    for one in dict.fromkeys(readings):
        where = (one.product, one.organization_id or "", one.organization or "", one.metric)
        what = (one.dimension, f"{one.quantity:f}", "; ".join(one.names))
        source = () if customer else (one.source,)
        writer.writerow([one.day.isoformat(), *where, *what, *source])
    return out.getvalue()


def _plans(ledger: Ledger, found: Sequence[Explanation]) -> dict[str, str]:
    digests = dict.fromkeys(write.plan for one in found for write in one.writes)
    texts = {digest: ledger.load_plan(digest) for digest in digests}
    return {f"plans/{digest}.json": text for digest, text in texts.items() if text is not None}


def _configuration(around: Surroundings, found: Sequence[Explanation]) -> dict[str, str]:
    billing, services = read_definitions(around.config)
    names = {billing.file, *_accounts(around, [o.line for o in found])}
    names |= {source.file for source in services}
    names |= {setting.place.rpartition(":")[0] for one in found for setting in one.settings}
    places = {name: around.config / unlabelled(around.config, name) for name in names if name}
    return {f"configuration/{name}": _text(place) for name, place in sorted(places.items())}


def _accounts(around: Surroundings, lines: Sequence[LineRef]) -> Iterator[str]:
    ids, names = {line.account_id for line in lines}, {line.account for line in lines}
    for account in around.desired().accounts:
        if account.account.id in ids or account.account.name in names:
            yield account.origin.file


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(
            "a file of the configuration cannot be read",
            where=str(path),
            remedy="restore it, or give the directory with --config",
        ) from error


def _readme(found: Sequence[Explanation], files: Iterable[str]) -> str:
    tops = dict.fromkeys(path.split("/")[0] for path in files)
    return README.format(
        account=found[0].line.account,
        as_of=found[0].as_of,
        lines="\n".join(f"- {one.line.bms_service} on {one.line.contract}" for one in found),
        files="\n".join(f"| `{top}` | {WHAT[top]} |" for top in tops),
    )


def _sums(files: Mapping[str, str]) -> Iterator[str]:
    for path, text in sorted(files.items()):
        yield f"{hashlib.sha256(text.encode()).hexdigest()}  {path}\n"
