from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal

import httpx
import pytest

from reconciler.bms.calls import ACCOUNTS, INVOICE_LINES, INVOICES, SERVICES
from reconciler.model.errors import BmsError, BmsUnexpected, BmsUnreachable
from reconciler.sandbox import Behaviour
from tests.bms.stage import Stage, scripted_client, stage


def _with_accounts(count: int, behaviour: Behaviour) -> Stage:
    here = stage(behaviour)
    for number in range(count):
        here.sandbox.add_account(f"Account {number:03}")
    return here


def _names(here: Stage) -> list[str]:
    return [account.name for account in here.client().accounts()]


@pytest.mark.parametrize("page_base", [0, 1])
@pytest.mark.parametrize("cap", [1, 3, 7, 100])
@pytest.mark.parametrize("count", [0, 1, 6, 7, 8])
def test_a_list_is_whole_whatever_the_pages(page_base: Literal[0, 1], cap: int, count: int) -> None:
    here = _with_accounts(count, Behaviour(page_base=page_base, page_cap=cap))
    assert _names(here) == [f"Account {number:03}" for number in range(count)]
    assert here.wire.count(ACCOUNTS) == max(1, -(-count // cap))


def test_searches_by_post_are_paged_too() -> None:
    here = stage(Behaviour(page_cap=2))
    made = [here.sandbox.add_service(f"Service {n}", "1.00") for n in range(5)]
    assert [service.id for service in here.client().services()] == made
    assert here.wire.count(SERVICES) == 3


def test_a_cap_of_bms_below_ours_costs_nothing_but_calls() -> None:
    here = _with_accounts(10, Behaviour(page_cap=4))
    here.assumptions = replace(here.assumptions, page_cap=100)
    assert len(_names(here)) == 10


def test_a_first_page_counted_from_1_where_bms_counts_from_0_is_found_out() -> None:
    here = _with_accounts(5, Behaviour(page_base=0, page_cap=3))
    here.assumptions = replace(here.assumptions, page_base=1)
    with pytest.raises(BmsUnexpected, match="counts 5 records and gave 2") as caught:
        _names(here)
    assert "page_base" in (caught.value.remedy or "")


@pytest.mark.parametrize("cap", [1, 2, 3, 100])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_a_list_without_a_total_is_whole_too(cap: int, count: int) -> None:
    here = _invoiced(count, Behaviour(page_cap=cap))
    assert len(here.client().invoices()) == count


def test_without_a_total_a_cap_of_bms_below_ours_loses_nothing() -> None:
    here = _invoiced(5, Behaviour(page_cap=2))
    here.assumptions = replace(here.assumptions, page_cap=100)
    assert len(here.client().invoices()) == 5


def test_without_a_total_a_page_shorter_than_the_first_ends_the_list() -> None:
    here = _invoiced(5, Behaviour(page_cap=3))
    here.client().invoices()
    assert here.wire.count(INVOICES) == 2
    assert here.wire.count(INVOICE_LINES) == 2


def _invoiced(count: int, behaviour: Behaviour) -> Stage:
    here = stage(behaviour)
    contract = here.contract()
    service = here.sandbox.add_service("Managed Server", "1.00")
    here.sandbox.add_line(contract, service, 1, date(2025, 1, 1))
    for month in range(1, count + 1):
        here.sandbox.add_invoice(contract, date(2026, month, 1), date(2026, month, 28))
    return here


@pytest.mark.parametrize("fault", ["lose-answer-before-write", "http-500-before", "refuse"])
def test_a_page_that_fails_is_an_error_and_no_shorter_list(fault: str) -> None:
    here = _with_accounts(5, Behaviour(page_cap=2))
    here.sandbox.faults.arm(fault, path="/v2/crm/accounts/summary", after=1, times=99)
    with pytest.raises(BmsError):
        _names(here)


def _on_call(here: Stage, number: int, act: Callable[[], object]) -> None:
    """Let something happen in BMS just before the list's call of that number."""

    def before(_: httpx.Request) -> None:
        if here.wire.count(ACCOUNTS) == number:
            act()

    here.wire.before = before


def test_a_list_that_grew_meanwhile_is_read_again_whole() -> None:
    here = _with_accounts(5, Behaviour(page_cap=2))
    _on_call(here, 2, lambda: here.sandbox.add_account("Late"))
    assert len(_names(here)) == 6
    assert here.wire.count(ACCOUNTS) == 2 + 3


def test_a_list_that_keeps_changing_is_an_error() -> None:
    here = _with_accounts(5, Behaviour(page_cap=2))

    def before(_: httpx.Request) -> None:
        here.sandbox.add_account("Another")

    here.wire.before = before
    with pytest.raises(BmsUnexpected, match="changed while it was read"):
        _names(here)


def _page(*ids: int, total: int | None = None) -> httpx.Response:
    result = [{"Id": i, "AccountName": f"A{i}", "IsActive": True} for i in ids]
    return httpx.Response(200, json={"Success": True, "Result": result, "TotalRecords": total})


def test_a_row_given_twice_counts_once() -> None:
    client = scripted_client(_page(1, 2, total=3), _page(2, 3, total=3), page_cap=2)
    assert [account.id for account in client.accounts()] == [1, 2, 3]


def test_a_total_that_is_never_reached_ends_after_two_readings() -> None:
    pages = [_page(1, 2, total=9), _page(total=9)]
    with pytest.raises(BmsUnexpected, match="counts 9 records and gave 2"):
        scripted_client(*pages, *pages, page_cap=2).accounts()


def test_a_page_that_repeats_for_ever_with_a_total_ends() -> None:
    pages = [_page(1, 2, total=9)] * 2
    with pytest.raises(BmsUnexpected):
        scripted_client(*pages, *pages, page_cap=2).accounts()


def test_a_full_page_that_repeats_without_a_total_is_an_error() -> None:
    with pytest.raises(BmsUnexpected, match="repeats a full page") as caught:
        scripted_client(_page(1, 2), _page(1, 2), page_cap=2).accounts()
    assert "page_base" in (caught.value.remedy or "")


def test_a_bms_that_gives_everything_on_every_page_is_believed() -> None:
    client = scripted_client(_page(1, 2), _page(1, 2), page_cap=100)
    assert [account.id for account in client.accounts()] == [1, 2]


def test_more_rows_than_the_total_is_an_error() -> None:
    with pytest.raises(BmsUnexpected):
        scripted_client(_page(1, 2, total=1), _page(1, 2, total=1)).accounts()


def test_a_null_list_is_an_empty_page_and_its_total_must_agree() -> None:
    nothing = httpx.Response(200, json={"Success": True, "Result": None, "TotalRecords": 0})
    assert scripted_client(nothing).accounts() == ()
    missing = httpx.Response(200, json={"Success": True, "Result": None, "TotalRecords": 3})
    with pytest.raises(BmsUnexpected):
        scripted_client(missing, missing).accounts()


def test_an_unreachable_second_page_is_unreachable() -> None:
    broken = [httpx.ConnectError("x")] * 4
    with pytest.raises(BmsUnreachable):
        scripted_client(_page(1, 2, total=4), *broken, page_cap=2).accounts()
