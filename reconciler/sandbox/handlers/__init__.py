"""The documented operations, one module per area."""

from __future__ import annotations

from reconciler.sandbox.handlers import (
    accounts,
    bulk,
    contracts,
    invoices,
    k1,
    lookups,
    posting,
    recurring,
    related,
    security,
    services,
)

ROUTES = (
    *security.ROUTES,
    *accounts.ROUTES,
    *contracts.ROUTES,
    *recurring.ROUTES,
    *posting.ROUTES,
    *services.ROUTES,
    *related.ROUTES,
    *bulk.ROUTES,
    *invoices.ROUTES,
    *k1.ROUTES,
    *lookups.ROUTES,
)
