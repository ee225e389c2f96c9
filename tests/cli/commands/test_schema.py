from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from reconciler.cli.main import run

KINDS = ("account", "approvals", "billing", "plan", "services", "tests")


def test_writing_then_checking_agrees(tmp_path: Path) -> None:
    assert run(["schema", "--output", str(tmp_path / "schemas")]) == 0
    assert run(["schema", "--check", "--output", str(tmp_path / "schemas")]) == 0


def test_each_file_is_a_schema(tmp_path: Path) -> None:
    run(["schema", "--output", str(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{kind}.schema.json" for kind in KINDS
    ]
    for path in tmp_path.iterdir():
        schema = json.loads(path.read_text(encoding="utf-8"))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(schema)


def test_a_file_that_differs_fails_the_check_and_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["schema", "--output", str(tmp_path)])
    (tmp_path / "plan.schema.json").write_text("{}", encoding="utf-8")
    (tmp_path / "billing.schema.json").unlink()
    assert run(["schema", "--check", "--output", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert f"{tmp_path / 'plan.schema.json'}: out of date" in told
    assert f"{tmp_path / 'billing.schema.json'}: missing" in told
    assert (tmp_path / "plan.schema.json").read_text(encoding="utf-8") == "{}"


def test_a_schema_of_nothing_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["schema", "--output", str(tmp_path)])
    (tmp_path / "old.schema.json").write_text("{}", encoding="utf-8")
    assert run(["schema", "--check", "--output", str(tmp_path)]) == 1
    assert "old.schema.json: belongs to no kind of file" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_an_expected_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run(["schema", "--output", str(tmp_path / "file" / "schemas")]) == 1
    assert "error: the schemas cannot be read or written" in capsys.readouterr().err


def test_the_schemas_in_the_repository_are_up_to_date() -> None:
    root = Path(__file__).parents[3]
    assert run(["schema", "--check", "--output", str(root / "schemas")]) == 0
