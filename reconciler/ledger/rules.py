"""By which rules each line was counted, and since when."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger.chosen import select
from reconciler.ledger.statements import text
from reconciler.ledger.texts import compact, parse
from reconciler.model.bms import LineKey
from reconciler.model.rules import Excluded, LineRule, Organizations
from reconciler.model.settings import (
    Commitment,
    DatedSettings,
    FixedUnits,
    LineSettings,
    Rest,
    Term,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader

_DECIMALS: Final = ("multiply", "per", "included", "price")
_NOT_KEPT: Final = ("origins",)


def append_rules(connection: Connection, rules: Sequence[LineRule]) -> None:
    """Adds rules; settings that many lines share are stored once."""
    if not rules:
        return
    texts = {_which(rule): _rule_text(rule) for rule in rules}
    digests = {key: _digest(content) for key, content in texts.items()}
    connection.execute(
        text(
            "INSERT INTO rule_settings (digest, content) VALUES (:digest, :content)"
            " ON CONFLICT (digest) DO NOTHING"
        ),
        [
            {"digest": digest, "content": content}
            for digest, content in {digests[key]: texts[key] for key in texts}.items()
        ],
    )
    connection.execute(
        text(
            "INSERT INTO line_rule (account_id, contract_id, service_id, day, settings,"
            " organizations) VALUES (:account, :contract, :service, :day, :settings, :orgs)"
        ),
        [
            {
                "account": rule.line.account_id,
                "contract": rule.line.contract_id,
                "service": rule.line.service_id,
                "day": rule.day.isoformat(),
                "settings": digests[_which(rule)],
                "orgs": compact(_counted(rule)),
            }
            for rule in rules
        ],
    )


def load_rules(
    connection: Connection, reader: Reader, accounts: Collection[int] | None
) -> tuple[LineRule, ...]:
    """The rules of these accounts' lines by day, None: of all; of several on a day the last."""
    rows = select(
        connection,
        "SELECT account_id, contract_id, service_id, day, settings, organizations"
        " FROM line_rule WHERE {chosen} ORDER BY day, id",
        "account_id",
        accounts,
    )
    return tuple(
        {(rule.line, rule.day): rule for rule in _rules(connection, rows, reader)}.values()
    )


def has_rules(connection: Connection) -> bool:
    """Are there any, of whatever account?"""
    return connection.execute(text("SELECT 1 FROM line_rule LIMIT 1")).first() is not None


def load_rules_of_day(connection: Connection, reader: Reader, day: date) -> tuple[LineRule, ...]:
    """Every rule that was to count from that day on, in the order in which they were added."""
    rows = connection.execute(
        text(
            "SELECT account_id, contract_id, service_id, day, settings, organizations"
            " FROM line_rule WHERE day = :day ORDER BY id"
        ),
        {"day": day.isoformat()},
    )
    return tuple(_rules(connection, rows, reader))


def load_rule_days(connection: Connection, reader: Reader, line: LineKey) -> tuple[date, ...]:
    """From when on each rule of a line was to count, in the order in which they were added."""
    days = connection.execute(
        text(
            "SELECT day FROM line_rule WHERE account_id = :account AND contract_id = :contract"
            " AND service_id = :service ORDER BY id"
        ),
        {"account": line.account_id, "contract": line.contract_id, "service": line.service_id},
    ).scalars()
    return tuple(reader.day(day) for day in days)


def _rules(connection: Connection, rows: Iterable[Any], reader: Reader) -> Iterator[LineRule]:
    contents = connection.execute(text("SELECT digest, content FROM rule_settings"))
    settings = _Settings((digest, content) for digest, content in contents)
    organizations: dict[str, tuple[Organizations, Excluded]] = {}
    for account, contract, service, day, digest, orgs in rows:
        if orgs not in organizations:
            organizations[orgs] = _organizations_of(orgs)
        counted, excluded = organizations[orgs]
        base, dated = settings[digest]
        line = LineKey(account, contract, service)
        yield LineRule(line, reader.day(day), base, counted, dated, excluded)


class _Settings(dict[str, tuple[LineSettings, tuple[DatedSettings, ...]]]):
    """By digest; each text is parsed when it is first asked for."""

    def __init__(self, contents: Iterable[tuple[str, str]]) -> None:
        self._contents = dict(contents)

    def __missing__(self, digest: str) -> tuple[LineSettings, tuple[DatedSettings, ...]]:
        content = self._contents[digest]
        found = self[digest] = (settings_of(content), _dated_of(content))
        return found


def settings_text(settings: LineSettings) -> str:
    """Every setting but where it was decided."""
    return compact(_document(settings))


def _document(settings: LineSettings) -> dict[str, Any]:
    names = (field.name for field in fields(settings) if field.name not in _NOT_KEPT)
    return {name: _plain(getattr(settings, name)) for name in names}


def _which(rule: LineRule) -> tuple[object, ...]:
    """The same for rules that share their settings."""
    return (id(rule.settings), *((dated.day, id(dated.settings)) for dated in rule.dated))


def _rule_text(rule: LineRule) -> str:
    document = _document(rule.settings)
    if rule.dated:
        document["dated"] = [[d.day.isoformat(), _document(d.settings)] for d in rule.dated]
    return compact(document)


def _dated_of(content: str) -> tuple[DatedSettings, ...]:
    dated = parse(content).get("dated", ())
    return tuple(
        DatedSettings(date.fromisoformat(day), _settings_of(found)) for day, found in dated
    )


def _counted(rule: LineRule) -> list[list[object]]:
    """Each organization; one that is left out with its last day, null for no end."""
    ends = {(product, key): last for product, key, last in rule.excluded}
    return [
        [product, key, last.isoformat() if (last := ends[product, key]) else None]
        if (product, key) in ends
        else [product, key]
        for product, key in rule.organizations
    ]


def _organizations_of(content: str) -> tuple[Organizations, Excluded]:
    found = parse(content)
    excluded = (
        (entry[0], entry[1], date.fromisoformat(entry[2]) if entry[2] else None)
        for entry in found
        if len(entry) == 3
    )
    return tuple((entry[0], entry[1]) for entry in found), tuple(excluded)


def settings_of(content: str) -> LineSettings:
    """The inverse of `settings_text`; a setting that was not known then has its default."""
    return _settings_of(parse(content))


def _settings_of(document: dict[str, Any]) -> LineSettings:
    known = {field.name for field in fields(LineSettings)}
    values = {name: value for name, value in document.items() if name in known}
    for name in _DECIMALS:
        if values.get(name) is not None:
            values[name] = Decimal(values[name])
    values["count"] = tuple(_term(term) for term in values["count"])
    if values.get("fixed") is not None:
        units, reason, until = values["fixed"]
        values["fixed"] = FixedUnits(units, reason, date.fromisoformat(until) if until else None)
    if values.get("commitment") is not None:
        floor, until, reason = values["commitment"]
        values["commitment"] = Commitment(floor, date.fromisoformat(until), reason)
    return LineSettings(**values)


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return format(value, "f")
        case FixedUnits(units, reason, until):
            return [units, reason, until.isoformat() if until else None]
        case Commitment(floor, until, reason):
            return [floor, until.isoformat(), reason]
        case tuple():
            return [_plain_term(term) for term in value if isinstance(term, Term)]
        case _:
            return value


def _plain_term(term: Term) -> list[object]:
    of = {"rest": term.of.named} if isinstance(term.of, Rest) else term.of
    return [term.product, term.metric, of, term.subtract]


def _term(found: list[Any]) -> Term:
    product, metric, of, subtract = found
    return Term(product, metric, _dimensions(of), subtract)


def _dimensions(found: Any) -> tuple[str, ...] | Rest | None:
    if isinstance(found, dict):
        return Rest(tuple((key, tuple(names)) for key, names in found["rest"]))
    return tuple(found) if found is not None else None


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
