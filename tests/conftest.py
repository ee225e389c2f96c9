"""What hypothesis keeps to in every test, and what the collector of garbage leaves alone.

How busy the machine is decides nothing. Where ``CI`` is set, hypothesis's own profile ``ci``
stands: the same in this, and the same examples every time.
"""

from __future__ import annotations

import gc

from hypothesis import HealthCheck, settings

settings.register_profile(
    "here", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
if settings.get_current_profile_name() != "ci":
    settings.load_profile("here")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: it need not be looked through again and again."""
    gc.collect()
    gc.freeze()
