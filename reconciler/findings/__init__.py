"""Every finding: its code, severity, meaning and remedy, in one place."""

from reconciler.findings.code import Code
from reconciler.findings.codes import AGAINST_BMS, CODES, HOLDS, MISFITS, finding

__all__ = ["AGAINST_BMS", "CODES", "HOLDS", "MISFITS", "Code", "finding"]
