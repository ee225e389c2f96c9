"""YAML in: the desired state, every mistake with its place, and the JSON Schemas."""

from reconciler.desired.approvals import load_approvals
from reconciler.desired.load import load, load_checked
from reconciler.desired.positions import locate
from reconciler.desired.schema import schema_documents, schema_text
from reconciler.desired.secrets import connection

__all__ = [
    "connection",
    "load",
    "load_approvals",
    "load_checked",
    "locate",
    "schema_documents",
    "schema_text",
]
