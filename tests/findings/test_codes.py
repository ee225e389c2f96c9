from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import reconciler
from reconciler.findings import CODES, Code, config, finding, known, policy, usage, verify, write
from reconciler.model.finding import Subject

TABLES = (config.TABLE, known.TABLE, policy.TABLE, usage.TABLE, verify.TABLE, write.TABLE)
SHAPE = re.compile(r"(CFG|BMS|KNW|GRD|POL|TRU|MOD|USG|VER|APP)\d{3}")
ROOT = Path(reconciler.__file__).parent


def used() -> dict[str, set[str]]:
    """Codes that stand in the source outside the tables, with the files they stand in."""
    out: dict[str, set[str]] = {}
    for path in ROOT.rglob("*.py"):
        if path.parent.name == "findings":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and SHAPE.fullmatch(text):
                out.setdefault(text, set()).add(path.name)
    return out


def test_every_code_stands_in_one_table_once() -> None:
    listed = [code.code for table in TABLES for code in table]
    assert len(listed) == len(set(listed)) == len(CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_every_code_says_what_it_means_and_what_to_do(code: Code) -> None:
    assert SHAPE.fullmatch(code.code)
    assert code.title
    assert not code.title.endswith(".")
    assert code.meaning.endswith(".")
    assert code.remedy
    assert not code.remedy.endswith(".")


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_what_blocks_is_never_merely_information(code: Code) -> None:
    assert not (code.blocks and code.severity == "info")


def test_every_code_in_the_source_exists() -> None:
    assert set(used()) - set(CODES) == set()


def test_every_code_is_used_somewhere() -> None:
    unused = {code for code in CODES if not code.startswith("APP")} - set(used())
    assert unused == set()


def test_a_finding_takes_severity_and_remedy_of_its_code() -> None:
    found = finding("KNW002", "it moved", subject=Subject(account="Brass"))
    assert (found.severity, found.blocks) == ("error", True)
    assert found.remedy == CODES["KNW002"].remedy
    assert finding("KNW002", "it moved", remedy="do this").remedy == "do this"


def test_an_unknown_code_is_a_defect() -> None:
    with pytest.raises(KeyError):
        finding("XXX001", "what?")
