"""``python -m reconciler``."""

import sys

from reconciler.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
