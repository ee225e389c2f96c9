"""What usage that nobody is billed for would come to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from reconciler.engine.day_runs import Input
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import Cycle
from reconciler.engine.proration import monthly, rounded
from reconciler.engine.readings import readings
from reconciler.engine.units import units_of
from reconciler.model.reading import MetricKey, Usage
from reconciler.model.settings import LineSettings, Rest, Rounding, Term

_Way: TypeAlias = tuple[tuple[Term, ...], Decimal, Decimal, Rounding]
"""What of a line's settings is the service's own."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A service as most lines bill it: what it counts, its price, the cycle the price is for."""

    settings: LineSettings
    price: Decimal
    cycle: Cycle


def offered(works: Iterable[LineWork]) -> Counter[tuple[str, Offer]]:
    """How many lines bill each service of ours in which way; what single lines agreed is left out.

    The price is the configuration's, else that of the BMS catalogue.
    """
    found: Counter[tuple[str, _Way, Decimal, Cycle]] = Counter()
    for work in works:
        price = work.settings.price
        price = work.bound.service.price if price is None else price
        cycle = work.bound.contract.schedule.cycle
        found[work.bound.line.service, _way(work.settings), price, cycle] += 1
    counted: Counter[tuple[str, Offer]] = Counter()
    for (service, way, price, cycle), lines in found.items():
        counted[service, Offer(_plain(way), price, cycle)] += lines
    return counted


def _way(settings: LineSettings) -> _Way:
    return settings.count, settings.multiply, settings.per, settings.round


def offers(found: Mapping[tuple[str, Offer], int]) -> Mapping[str, list[Offer]]:
    """By product, the services that count it alone, each as most of its lines bill it."""
    ways: dict[str, dict[Offer, int]] = defaultdict(dict)
    for (service, offer), lines in found.items():
        ways[service][offer] = lines
    by_product: dict[str, list[Offer]] = defaultdict(list)
    for service in sorted(ways):
        offer = max(ways[service].items(), key=_commonest)[0]
        products = {term.product for term in offer.settings.count}
        if len(products) == 1:
            by_product[products.pop()].append(offer)
    return by_product


def _commonest(way: tuple[Offer, int]) -> tuple[object, ...]:
    """The most lines; where two have as many, always the same one."""
    offer, lines = way
    return lines, offer.price, offer.cycle, repr(offer.settings)


def worth(
    usage: Usage,
    product: str,
    organizations: Collection[str],
    offered: Iterable[Offer],
    day: date,
    currency: str,
) -> Decimal | None:
    """Per month, if every service that counts it were billed; None where no price is known."""
    money = Fraction(0)
    for offer in offered:
        for organization in organizations:
            units = _units(usage, product, organization, offer.settings, day)
            money += Fraction(monthly(units, offer.price, offer.cycle))
    return rounded(money, currency) if money else None


def _units(usage: Usage, product: str, organization: str, settings: LineSettings, day: date) -> int:
    quantity = Decimal(0)
    for term in settings.count:
        key = MetricKey(product, organization, term.metric)
        of = None if isinstance(term.of, Rest) else term.of
        but = term.of.named_for("") if isinstance(term.of, Rest) else ()
        entry = Input(key, usage.series.get(key), of, term.subtract, but=but)
        found = _newest(entry, day)
        quantity += -found if term.subtract else found
    return units_of(quantity, settings) or 0


def _newest(entry: Input, day: date) -> Decimal:
    last = Decimal(0)
    for run in readings(entry):
        if run.first <= day:
            last = run.quantity or Decimal(0)
    return last


def _plain(way: _Way) -> LineSettings:
    """Without what is agreed for one line, and with what the contract's other lines name."""
    terms, multiply, per, rounding = way
    count = tuple(
        replace(term, of=_anybodys(term.of)) if isinstance(term.of, Rest) else term
        for term in terms
    )
    return LineSettings(count=count, multiply=multiply, per=per, round=rounding)


def _anybodys(rest: Rest) -> Rest:
    names = {name for _, named in rest.named for name in named}
    return Rest((("", tuple(sorted(names))),) if names else ())
