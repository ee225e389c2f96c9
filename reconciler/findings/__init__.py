"""Every finding: its code, severity, meaning and remedy, in one place."""

from reconciler.findings.codes import CODES, Code, finding

__all__ = ["CODES", "Code", "finding"]
