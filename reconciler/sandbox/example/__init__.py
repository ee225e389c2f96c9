"""An MSP with 62 customers: the same one every time."""

from __future__ import annotations

from reconciler.sandbox.example.files import write_usage_files
from reconciler.sandbox.example.readings import example_readings
from reconciler.sandbox.example.services import ExampleService, example_services
from reconciler.sandbox.example.stock import stock

__all__ = [
    "ExampleService",
    "example_readings",
    "example_services",
    "stock",
    "write_usage_files",
]
