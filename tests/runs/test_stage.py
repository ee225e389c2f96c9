from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.desired import load
from reconciler.runs import stage
from reconciler.runs.stage import StageError, example_config, set_up

ROOT = Path(__file__).parents[2]


def place(folder: Path) -> Path:
    """A package somewhere, whose module is this one's."""
    module = folder / "reconciler" / "runs" / "stage.py"
    module.parent.mkdir(parents=True)
    return module


def test_in_the_source_tree_it_is_the_repositorys_own() -> None:
    assert example_config() == ROOT / "billing-config"


def test_in_a_wheel_it_is_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = place(tmp_path)
    packed = tmp_path / "reconciler" / "example"
    packed.mkdir()
    (packed / "billing.yaml").write_text("version: 1\n", encoding="utf-8")
    monkeypatch.setattr(stage, "__file__", str(module))
    assert example_config() == packed


def test_without_either_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "__file__", str(place(tmp_path)))
    with pytest.raises(StageError, match="example configuration is missing") as caught:
        example_config()
    assert caught.value.remedy is not None
    assert str(tmp_path) in str(caught.value.where)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(StageError, match="not empty"):
        set_up(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_stage_is_complete_and_its_clock_is_the_sandboxs(tmp_path: Path) -> None:
    made = set_up(tmp_path / "new")
    with made.sandbox:
        state = load(made.around.config)
        assert made.around.today(state) == stage.TODAY
        mapped = {str(account.account) for account in state.accounts}
        lines = made.baseline.read_text(encoding="utf-8").splitlines()[1:]
        assert lines
        assert all(any(f",{name}," in line for name in mapped) for line in lines)
        before = made.around.clock.now()
        made.around.clock.sleep(90)
        assert made.around.clock.now() - before >= timedelta(seconds=90)
