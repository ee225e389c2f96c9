"""What hypothesis keeps to in every test.

How busy the machine is decides nothing. Where ``CI`` is set, hypothesis's own profile ``ci``
stands: the same in this, and the same examples every time.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "here", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
if settings.get_current_profile_name() != "ci":
    settings.load_profile("here")
