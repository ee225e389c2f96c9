"""Loading a directory: everything at once, each mistake with its code and place."""

from __future__ import annotations

import gc
import os
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest

from reconciler.desired import load, load_checked
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import (
    Exclusion,
    FileSource,
    Guards,
    InvoiceRun,
    OrganizationRef,
    Reference,
    Waiver,
)
from reconciler.model.errors import ConfigError
from reconciler.model.place import Origin
from reconciler.model.reading import TypeKey
from tests.desired.house import (
    ACCOUNT,
    BILLING,
    SERVICES,
    build,
    found,
    lines_of,
    messages,
    state_of,
)


def test_a_minimal_configuration_has_the_defaults(tmp_path: Path) -> None:
    state = state_of(tmp_path)
    assert (state.tenant, state.currency, state.time_zone) == (
        "Example MSP", "USD", "America/New_York",
    )  # fmt: skip
    assert state.mode == "propose"
    assert state.assumptions == Assumptions()
    assert state.guards == Guards()
    assert state.invoice_run == InvoiceRun()
    assert state.billing_starts is None
    assert state.line_note is not None
    assert "{ref}" in state.line_note


def test_everything_of_billing_yaml_arrives(tmp_path: Path) -> None:
    text = BILLING + (
        "billing_starts: 2026-11-01\nmode: observe\n"
        'invoice_run: {day: 3, time: "07:30"}\n'
        "bms:\n  company: X\n  username: ${U}\n  password: ${P}\n  line_note: null\n"
        "  assume: {line_update: upsert, negative_units: refused, page_base: 0, page_cap: 50}\n"
        "usage:\n  - {source: file, path: in/*.csv, max_age: 5d}\n"
        "guards: {percent: 12.5, line: null, run: 10}\n"
        "exclude:\n  - {organization: {id: 7, name: Lab}, product: vsa, reason: ours}\n"
    )
    state = state_of(tmp_path, {"billing.yaml": text})
    assert state.mode == "observe"
    assert state.billing_starts == date(2026, 11, 1)
    assert state.invoice_run == InvoiceRun(3, time(7, 30))
    assert state.line_note is None
    assert state.assumptions == Assumptions("upsert", "refused", page_base=0, page_cap=50)
    assert state.sources == (FileSource("in/*.csv", 5),)
    assert state.guards == Guards(percent=Decimal("12.5"), line=None, run=Decimal(10))
    assert state.exclusions == (Exclusion("ours", OrganizationRef("7", "Lab"), "vsa"),)


def test_everything_of_an_account_arrives(tmp_path: Path) -> None:
    text = (
        "version: 1\naccount: {id: 1001, name: Brass}\nmode: apply\n"
        "billing: {periods: contract-start}\n"
        "organizations:\n  datto-rmm: [A, {id: 010}, {id: 2, name: C}]\n"
        "contracts:\n"
        "  - contract: {id: 7}\n    billing: {invoice: end}\n    services:\n"
        "      workstation:\n"
        "      server: {from: 2026-12-01, last_day: 2027-01-31, note: 010,"
        " organizations: {datto-rmm: A}}\n"
        "exclude:\n  - {product: vsa, reason: bundled, until: 2027-01-01}\n"
        "waivers:\n  - {code: GRD001, service: server, reason: move, until: 2026-12-31}\n"
    )
    (account,) = state_of(tmp_path, {"accounts/brass.yaml": text}).accounts
    assert account.account == Reference(1001, "Brass")
    assert account.mode == "apply"
    assert account.organizations == {
        "datto-rmm": (
            OrganizationRef(None, "A"), OrganizationRef("010", None), OrganizationRef("2", "C"),
        )
    }  # fmt: skip
    (contract,) = account.contracts
    assert contract.contract == Reference(7)
    assert (contract.billing.periods, contract.billing.invoice) == ("contract-start", "end")
    workstation, server = contract.lines
    assert workstation.bms_service == Reference(None, "Managed Workstation")
    assert workstation.organizations is None
    assert (server.start, server.last_day) == (date(2026, 12, 1), date(2027, 1, 31))
    assert server.note == "010"
    assert server.organizations == {"datto-rmm": (OrganizationRef(None, "A"),)}
    assert account.exclusions == (Exclusion("bundled", None, "vsa", date(2027, 1, 1)),)
    origin = Origin("billing-config/accounts/brass.yaml", ("waivers", 0))
    assert account.waivers == (Waiver("GRD001", "move", date(2026, 12, 31), origin, "server"),)


def test_an_account_named_like_a_number_keeps_its_name(tmp_path: Path) -> None:
    for name in ("010", "NO", "yes", "1.10", "2026-11-01", "0x1F", "true", "'null'"):
        text = f"version: 1\naccount: {name}\n"
        (account,) = state_of(tmp_path, {"accounts/brass.yaml": text}).accounts
        assert account.account == Reference(None, name.strip("'"))


def test_a_line_knows_where_its_service_says_what_it_is_in_bms(tmp_path: Path) -> None:
    line = next(iter(lines_of(state_of(tmp_path)).values()))
    assert line.defined is not None
    assert (line.defined.path[0], line.defined.path[-1]) == ("services", "bms_service")
    assert "/services/" in line.defined.file


def test_the_state_has_the_types_of_services_that_no_line_has(tmp_path: Path) -> None:
    state = state_of(tmp_path)
    assert set(lines_of(state)) == {"workstation"}
    assert state.types == {
        TypeKey("datto-rmm", "devices-by-type", name) for name in ("Desktop", "Laptop", "Server")
    }


def test_services_all_takes_every_service(tmp_path: Path) -> None:
    text = "version: 1\naccount: A\ncontracts:\n  - {contract: M, services: all}\n"
    state = state_of(tmp_path, {"accounts/brass.yaml": text})
    assert state.accounts[0].contracts[0].every_service
    assert set(lines_of(state)) == {"workstation", "server"}


def test_organizations_of_a_contract_hold_for_its_lines(tmp_path: Path) -> None:
    text = (
        "version: 1\naccount: A\norganizations: {datto-rmm: [X, Y]}\ncontracts:\n"
        "  - contract: M\n    organizations: {datto-rmm: X}\n"
        "    services: {workstation: {}, server: {organizations: {datto-rmm: Y}}}\n"
    )
    lines = lines_of(state_of(tmp_path, {"accounts/brass.yaml": text}))
    assert lines["workstation"].organizations == {"datto-rmm": (OrganizationRef(None, "X"),)}
    assert lines["server"].organizations == {"datto-rmm": (OrganizationRef(None, "Y"),)}


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    files = {
        "billing.yaml": BILLING + "mod: apply\n",
        "services/x.yaml": "version: 2\nproduct: vsa\n",
        "accounts/a.yaml": "version: 1\naccount: [\n",
        "accounts/b.yaml": "version: 1\nacount: B\n",
        "accounts/c.yaml": ACCOUNT.replace("datto-rmm:", "datto-rm:"),
        "approvals/2026-11.yaml": "version: 1\napprovals: [{change: 7f3a9c21d04e5b68}]\n",
    }
    codes = {(code, place.split(":")[0]) for code, place in found(tmp_path, files)}
    assert codes == {
        ("CFG002", "billing.yaml"),
        ("CFG004", "services/x.yaml"),
        ("CFG001", "accounts/a.yaml"),
        ("CFG002", "accounts/b.yaml"),
        ("CFG018", "accounts/b.yaml"),
        ("CFG005", "accounts/c.yaml"),
        ("CFG011", "accounts/c.yaml"),
        ("CFG018", "approvals/2026-11.yaml"),
    }


def test_load_raises_what_load_checked_finds(tmp_path: Path) -> None:
    top = build(tmp_path, {"accounts/brass.yaml": "version: 1\n", "billing.yaml": "version: 1\n"})
    with pytest.raises(ConfigError) as raised:
        load(top)
    assert raised.value.problems == load_checked(top)[1]
    assert len(raised.value.problems) == 4


def test_a_missing_directory_is_a_problem_and_not_an_empty_state(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "nowhere")
    (problem,) = raised.value.problems
    assert problem.code == "CFG012"
    assert str(problem.position) == "nowhere/billing.yaml:1:1"


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    top = build(tmp_path)
    (top / "accounts" / "dir.yaml").symlink_to(top / "gone.yaml")
    _, problems = load_checked(top)
    assert [one.code for one in problems] == ["CFG012"]


@pytest.mark.parametrize(
    "name", ["billing.yaml", "accounts/pipe.yaml", "services/pipe.yml", "approvals/pipe.yaml"]
)
def test_a_pipe_that_is_named_like_a_file_is_told_and_not_waited_for(
    tmp_path: Path, name: str
) -> None:
    top = build(tmp_path)
    pipe = top / name
    pipe.unlink(missing_ok=True)
    pipe.parent.mkdir(exist_ok=True)
    os.mkfifo(pipe)
    told: list[str] = []
    reading = Thread(
        target=lambda: told.extend(p.message for p in load_checked(top)[1]), daemon=True
    )
    reading.start()
    reading.join(10)
    assert f"billing-config/{name} is a named pipe, not a file" in told


def test_a_device_is_no_file(tmp_path: Path) -> None:
    top = build(tmp_path)
    (top / "accounts" / "null.yaml").symlink_to("/dev/null")
    (problem,) = load_checked(top)[1]
    assert (problem.code, "null.yaml is a device, not a file" in problem.message) == (
        "CFG012",
        True,
    )


def test_files_in_subfolders_count_and_hidden_ones_do_not(tmp_path: Path) -> None:
    files = {
        "accounts/west/copper.yml": ACCOUNT.replace("Brass", "Copper"),
        "accounts/.draft.yaml": "not: [yaml",
        "accounts/notes.txt": "not: [yaml",
    }
    state = state_of(tmp_path, files)
    assert [str(one.account) for one in state.accounts] == [
        "Brass Building Supplies", "Copper Building Supplies",
    ]  # fmt: skip
    assert state.accounts[1].origin == Origin("billing-config/accounts/west/copper.yml")


def test_a_wrong_version_is_the_only_problem_told_of_a_file(tmp_path: Path) -> None:
    text = "version: 2\naccount: A\nnew_key: 1\n"
    assert found(tmp_path, {"accounts/brass.yaml": text}) == [
        ("CFG004", "accounts/brass.yaml:1:10")
    ]


def test_a_missing_version_is_told_with_the_rest(tmp_path: Path) -> None:
    text = "account: A\nnew_key: 1\n"
    assert found(tmp_path, {"accounts/brass.yaml": text}) == [
        ("CFG004", "accounts/brass.yaml:1:1"),
        ("CFG002", "accounts/brass.yaml:2:1"),
    ]


def test_a_broken_services_file_causes_no_follow_up_problems(tmp_path: Path) -> None:
    text = SERVICES.replace("count:", "cuont:", 1)
    codes = {code for code, _ in found(tmp_path, {"services/datto-rmm.yaml": text})}
    assert codes == {"CFG002", "CFG018"}


def test_a_broken_billing_file_causes_no_follow_up_problems(tmp_path: Path) -> None:
    files = {
        "billing.yaml": BILLING + "policies: {own: {adjust: never}}\n",
        "accounts/brass.yaml": ACCOUNT + "settings: {policy: own}\n",
    }
    assert found(tmp_path, files) == [("CFG003", "billing.yaml:5:26")]


def test_the_same_files_give_the_same_state_and_digest(tmp_path: Path) -> None:
    first, second = state_of(tmp_path / "a"), state_of(tmp_path / "b")
    assert first == second
    assert len(first.digest) == 64


def test_the_digest_follows_content_and_names_and_not_approvals(tmp_path: Path) -> None:
    plain = state_of(tmp_path / "a").digest
    approvals = {"approvals/2026-11.yaml": "version: 1\n"}
    assert state_of(tmp_path / "b", approvals).digest == plain
    assert state_of(tmp_path / "c", {"billing.yaml": BILLING + "# c\n"}).digest != plain
    renamed = build(tmp_path / "d")
    (renamed / "accounts" / "brass.yaml").rename(renamed / "accounts" / "other.yaml")
    assert load(renamed).digest != plain


def test_loading_leaves_the_garbage_collector_as_it_was(tmp_path: Path) -> None:
    top = build(tmp_path)
    assert gc.isenabled()
    load_checked(top)
    assert gc.isenabled()
    gc.disable()
    try:
        load_checked(top)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_problems_print_with_place_code_and_remedy(tmp_path: Path) -> None:
    (said,) = messages(tmp_path, {"billing.yaml": BILLING + "mode: aply\n"})
    assert said.startswith("billing-config/billing.yaml:5:7: CFG003 `mode` cannot be `aply`; ")
    assert "did you mean `apply`?" in said
