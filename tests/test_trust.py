"""Certificates are read once, and where the environment says."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from reconciler.trust import trusted


@pytest.fixture(autouse=True)
def _as_in_a_new_process() -> Iterator[None]:
    trusted.cache_clear()
    yield
    trusted.cache_clear()


def test_a_server_must_show_a_certificate_of_its_name() -> None:
    context = trusted()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.get_ca_certs()


def test_they_are_read_once() -> None:
    assert trusted() is trusted()


def test_a_company_may_name_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, end = Path(certifi.where()).read_text("utf-8").split("-----END CERTIFICATE-----")[0:2]
    assert end
    only = tmp_path / "own.pem"
    only.write_text(f"{first}-----END CERTIFICATE-----\n", "utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(only))
    assert len(trusted().get_ca_certs()) == 1
