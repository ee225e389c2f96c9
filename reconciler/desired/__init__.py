"""YAML in: the desired state, every mistake with its place, and the JSON Schemas."""

from reconciler.desired.approvals import load_approvals
from reconciler.desired.files import account_files, digest_of
from reconciler.desired.load import Share, load, load_checked, load_counted, load_share
from reconciler.desired.positions import locate
from reconciler.desired.secrets import addressed, connection

__all__ = [
    "Share",
    "account_files",
    "addressed",
    "connection",
    "digest_of",
    "load",
    "load_approvals",
    "load_checked",
    "load_counted",
    "load_share",
    "locate",
]
