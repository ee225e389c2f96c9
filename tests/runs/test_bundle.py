"""What an auditor gets is whole, says what it holds, and shows when it was changed."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from io import StringIO

from reconciler.runs.bundle import bundle
from reconciler.runs.explaining import ExplainOptions, explain
from tests.apply.story import readings
from tests.runs.conftest import MakeWorld
from tests.runs.world import TODAY, World


def bundled(world: World, *, customer: bool = False) -> Mapping[str, str]:
    options = ExplainOptions("Brass Building Supplies", whole_period=True)
    found = explain(world.around, world.ledger, options)
    return bundle(world.around, world.ledger, found, customer=customer)


def written(make_world: MakeWorld) -> World:
    world = make_world()
    world.service("endpoint")
    world.row("endpoint", 10)
    world.configure()
    world.baseline()
    world.read("endpoint", readings((1, 10), (9, 12)))
    world.apply()
    return world


def test_it_holds_the_readings_of_every_day_of_the_period(make_world: MakeWorld) -> None:
    rows = list(csv.DictReader(StringIO(bundled(written(make_world))["readings.csv"])))
    counted = {row["day"]: row["quantity"] for row in rows}
    assert len(rows) == len(counted) == TODAY.day - 1
    assert (counted["2026-11-08"], counted["2026-11-09"]) == ("10", "12")


def test_it_holds_the_plan_that_wrote_and_the_files_that_decided(make_world: MakeWorld) -> None:
    world = written(make_world)
    files = bundled(world)
    ((intent, _),) = world.ledger.writes(10)
    plan = json.loads(files[f"plans/{intent.plan}.json"])
    assert [change["id"] for change in plan["changes"]] == [intent.change]
    (service,) = (world.config / "services").iterdir()
    for name in ("billing.yaml", "accounts/brass.yaml", f"services/{service.name}"):
        kept = files[f"configuration/billing-config/{name}"]
        assert kept == (world.config / name).read_text(encoding="utf-8")


def test_every_file_is_named_and_summed(make_world: MakeWorld) -> None:
    files = bundled(written(make_world))
    sums = dict(line.split("  ")[::-1] for line in files["SHA256SUMS"].splitlines())
    assert sums.keys() == files.keys() - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256(files[name].encode()).hexdigest() == digest
    assert all(
        f"`{name.split('/')[0]}`" in files["README.md"] for name in sums.keys() - {"README.md"}
    )


def test_a_customers_holds_no_plan_and_no_configuration(make_world: MakeWorld) -> None:
    files = bundled(written(make_world), customer=True)
    assert sorted(files) == [
        "README.md",
        "SHA256SUMS",
        "explanation.json",
        "explanation.md",
        "readings.csv",
    ]
    assert "billing-config" not in "".join(files.values())
    assert "source" not in files["readings.csv"].splitlines()[0]
