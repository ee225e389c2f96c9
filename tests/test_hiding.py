"""A secret is hidden in whatever dress it comes back."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus, urlencode

from hypothesis import given
from hypothesis import strategies as st

from reconciler.hiding import without

SECRETS = st.text(st.sampled_from('aZ09/+ &="\\é%'), min_size=6, max_size=20)


@given(SECRETS, SECRETS)
def test_no_form_of_it_is_left(one: str, other: str) -> None:
    for secret in (one, other):
        for form in (
            secret, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1],
            base64.b64encode(secret.encode()).decode(), urlencode({"Password": secret})[9:],
        ):  # fmt: skip
            assert form not in without(f"said {form}.", [one, other])


def test_of_two_the_longer_one_goes_first() -> None:
    assert without("longer-secret", ["secret", "longer-secret"]) == "***"


def test_without_a_secret_nothing_is_hidden() -> None:
    assert without("said", ["", "other"]) == "said"
