"""The fixed vocabularies."""

from __future__ import annotations

from reconciler.sandbox.call import Answer, Call, Route
from reconciler.sandbox.errors import Refused
from reconciler.sandbox.handlers.contracts import CYCLES, STATUSES, TYPES

_TABLES = {
    "billingcycle": CYCLES,
    "billingcycles": CYCLES,
    "contracttype": TYPES,
    "contracttypes": TYPES,
    "contractstatus": STATUSES,
    "contractstatuses": STATUSES,
}


def lookup(call: Call) -> Answer:
    """The entries of a table; its name may be singular or plural."""
    name = str(call.path["tableName"])
    names = _TABLES.get(name.lower())
    if names is None:
        raise Refused(f"No lookup table {name}", code=404)
    return Answer(
        [
            {"Id": number, "Name": entry, "IsDefault": number == 1, "IsActive": True}
            for number, entry in enumerate(names, start=1)
        ]
    )


ROUTES = (Route("GET", "/v2/system/lookup/<tableName>", lookup),)
