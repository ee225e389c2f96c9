"""The documented operations, one module per area."""

from __future__ import annotations

from reconciler.sandbox.handlers import accounts, contracts, posting, related, security, services

ROUTES = (
    *security.ROUTES,
    *accounts.ROUTES,
    *contracts.ROUTES,
    *posting.ROUTES,
    *services.ROUTES,
    *related.ROUTES,
)
