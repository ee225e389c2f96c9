"""The login: tokens taken, kept fresh, and never shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from reconciler.bms.calls import AUTHENTICATE, REFRESH, Call
from reconciler.bms.dates import read_instant
from reconciler.bms.envelope import Answer
from reconciler.bms.failures import login_failed
from reconciler.bms.record import Record
from reconciler.hiding import without
from reconciler.model.desired import BmsConnection
from reconciler.model.errors import BmsLoginFailed, BmsRefused

EARLY: Final = timedelta(minutes=1)


class Secrets(dict[str, object]):
    """A login's form. It is not shown, not even among a traceback's local variables."""

    def __repr__(self) -> str:
        return f"<Secrets {', '.join(self)}>"


class SignsIn(Protocol):
    """Carries out a login call, which needs no token."""

    def __call__(self, call: Call, payload: Secrets) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    access_ends: datetime | None
    refresh_ends: datetime | None


class Session:
    """One login. ``send`` carries out the two calls that need no token."""

    def __init__(self, connection: BmsConnection, send: SignsIn, where: str) -> None:
        self._connection = connection
        self._send = send
        self._where = where
        self._tokens: Tokens | None = None
        self._had: set[str] = set()
        """Every token so far: BMS may still take an earlier one."""

    def __repr__(self) -> str:
        return f"<Session {'open' if self._tokens else 'closed'}>"

    def token(self, now: datetime) -> str:
        """A token that is good now, got or renewed when there is none."""
        if self._tokens is None:
            self._tokens = self._login(now)
        elif _over(self._tokens.access_ends, now):
            self._tokens = self._refreshed(self._tokens, now)
        return self._tokens.access

    def renew(self, now: datetime) -> None:
        """Log in again, since BMS no longer accepts the token."""
        self._tokens = None
        self._tokens = self._login(now)

    def hide(self, text: str) -> str:
        """The text without any secret of this session."""
        return without(text, [self._connection.password, *self._had])

    def _login(self, now: datetime) -> Tokens:
        try:
            answer = self._send(AUTHENTICATE, self._credentials())
        except BmsRefused as error:
            raise login_failed(error.message, self._where) from None
        return self._noted(_tokens(answer, self._where, now))

    def _credentials(self) -> Secrets:
        return Secrets(
            UserName=self._connection.username,
            Password=self._connection.password,
            Tenant=self._connection.company,
            GrantType="password",
        )

    def _refreshed(self, tokens: Tokens, now: datetime) -> Tokens:
        if tokens.refresh is None or _over(tokens.refresh_ends, now):
            return self._login(now)
        try:
            answer = self._send(REFRESH, _pair(tokens))
        except (BmsRefused, BmsLoginFailed):
            return self._login(now)
        return self._noted(_tokens(answer, self._where, now))

    def _noted(self, tokens: Tokens) -> Tokens:
        self._had |= {tokens.access, tokens.refresh or ""}
        return tokens


def _pair(tokens: Tokens) -> Secrets:
    return Secrets(AccessToken=tokens.access, RefreshToken=tokens.refresh)


def _over(ends: datetime | None, now: datetime) -> bool:
    return ends is not None and now >= ends - EARLY


def _tokens(answer: Answer, where: str, now: datetime) -> Tokens:
    record = Record.of(answer.result, where)
    if not record.text_or_blank("AccessToken"):
        raise login_failed("BMS accepted the login and gave no token", where)
    return Tokens(
        record.text("AccessToken"),
        record.text_or_blank("RefreshToken") or None,
        _end(record, "AccessTokenExpireOn", now),
        _end(record, "RefreshTokenExpireOn", now),
    )


def _end(record: Record, name: str, now: datetime) -> datetime | None:
    """When a token ends. An end already past says that BMS's clock or zone is not ours: then only
    BMS's 401 tells."""
    if record.get(name) is None:
        return None
    ends = record.converted(name, read_instant, "a date-time")
    return ends if ends - EARLY > now else None
