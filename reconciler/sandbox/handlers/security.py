"""Logging in, renewing a token, and who one is."""

from __future__ import annotations

import secrets
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.clock import instant_text
from reconciler.sandbox.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from reconciler.sandbox.store import Store


def token_fits(store: Store, header: str, now: str) -> bool:
    """Whether an Authorization header carries an access token that still counts."""
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer":
        return False
    found = store.row("SELECT access_until FROM tokens WHERE access = ?", token.strip())
    return found is not None and now < found["access_until"]


def expire_tokens(store: Store) -> None:
    """Forget every access token; refresh tokens go on."""
    store.run("UPDATE tokens SET access_until = ''")


def authenticate(call: Call) -> Answer:
    """A pair of tokens for the name, password and company of the sandbox."""
    grant = call.form.text("GrantType")
    if grant is None:
        raise Refused("GrantType is required")
    if grant.lower() != "password":
        raise Refused(f"GrantType {grant} is not supported")
    given = [call.form.text(name) for name in ("Tenant", "UserName", "Password")]
    wanted = [call.store.get(name) for name in ("tenant", "username", "password")]
    if given != wanted:
        raise Refused("Invalid company name, user name or password", code=401)
    return Answer(_issue(call))


def refresh(call: Call) -> Answer:
    """A new pair for an old one; the old pair ends."""
    access, renewal = call.form.text("AccessToken"), call.form.text("RefreshToken")
    if access is None:
        raise Refused("AccessToken is required")
    found = call.store.row(
        "SELECT refresh_until FROM tokens WHERE access = ? AND refresh = ?", access, renewal
    )
    if found is None or found["refresh_until"] <= call.now:
        raise Refused("The refresh token is not valid any more", code=401)
    call.store.run("DELETE FROM tokens WHERE access = ?", access)
    return Answer(_issue(call))


def _issue(call: Call) -> dict[str, str]:
    access, renewal = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    access_until = _until(call.moment, call.behaviour.access_token_seconds)
    refresh_until = _until(call.moment, call.behaviour.refresh_token_seconds)
    call.store.run(
        "INSERT INTO tokens (access, refresh, access_until, refresh_until) VALUES (?,?,?,?)",
        access,
        renewal,
        access_until,
        refresh_until,
    )
    return {
        "AccessToken": access,
        "RefreshToken": renewal,
        "AccessTokenExpireOn": access_until,
        "RefreshTokenExpireOn": refresh_until,
    }


def _until(moment: datetime, seconds: int) -> str:
    return instant_text(moment + timedelta(seconds=seconds))


def user_info(call: Call) -> Answer:
    """The user of the token and the tenant's time zone."""
    local = call.moment.astimezone(call.behaviour.zone)
    offset = local.utcoffset() or timedelta()
    return Answer(
        {
            "UserId": 1,
            "FullName": "API user",
            "EmailAddress": call.store.get("username"),
            "TimeStamp": call.dates.moment(call.now),
            "TimeZoneValue": Decimal(int(offset.total_seconds() // 60)) / 60,
            "TimeZoneName": local.tzname(),
            "OlsonTimeZoneName": call.behaviour.time_zone,
            "DateFormat": "MM/dd/yyyy",
            "TimeFormat": "hh:mm tt",
            "TimeFormatWithSeconds": "hh:mm:ss tt",
            "TenantId": 1,
            "BusinessName": call.store.get("tenant"),
            "UserAccessRights": [],
            "SpecialFeatures": [],
            "ViewsMenus": [],
            "QueuesMenus": [],
            "CurrencyCode": "USD",
            "CultureCode": "en-US",
            "NewTicketingUI": True,
            "IsUserSystemAdmin": True,
            "ProductName": "BMS",
        }
    )


ROUTES = (
    Route("POST", "/v2/security/authenticate", authenticate, public=True),
    Route("POST", "/v2/security/refreshtoken", refresh, public=True),
    Route("GET", "/v2/security/userinfo", user_info),
)
