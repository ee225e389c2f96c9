"""Every finding: its code, severity, meaning and remedy, in one place."""

from reconciler.findings.code import Code
from reconciler.findings.codes import CODES, HOLDS, MISFITS, finding

__all__ = ["CODES", "HOLDS", "MISFITS", "Code", "finding"]
