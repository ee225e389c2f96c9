"""The services defined in services/, by our names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.catalog import Metric, Product, load_catalogue
from reconciler.desired.documents import ServicesDoc
from reconciler.desired.documents.base import ReferenceDoc
from reconciler.desired.documents.services import ServiceDoc, TermDoc
from reconciler.desired.levels import Level, Path, level_of
from reconciler.desired.source import Source
from reconciler.desired.trouble import Trouble
from reconciler.model.desired import Reference
from reconciler.model.hints import choose
from reconciler.model.place import Origin
from reconciler.model.reading import TypeKey
from reconciler.model.settings import Rest, Term

REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class Definition:
    """A service: what it is in BMS, and its own settings with the count."""

    name: str
    bms_service: Reference
    level: Level
    products: frozenset[str]
    origin: Origin

    @property
    def bms_origin(self) -> Origin:
        """Where it says what it is in BMS."""
        return Origin(self.origin.file, (*self.origin.path, "bms_service"))


def define(
    sources: Iterable[Source[ServicesDoc]], troubles: list[Trouble]
) -> Mapping[str, Definition]:
    """Every service by name, in the order of the files."""
    defined: dict[str, Definition] = {}
    for source in sources:
        written = source.readable
        if written is None:
            continue
        troubles += check_product(written.product, Origin(source.file, ("product",)))
        for name, doc in written.services.items():
            one = _definition(name, doc, written.product, source.file)
            troubles += _check_terms(doc, written.product, one.origin)
            if name in defined:
                troubles.append(defined_twice(name, defined[name].origin, one.origin))
            else:
                defined[name] = one
    return defined


def types_named(sources: Iterable[Source[ServicesDoc]]) -> frozenset[TypeKey]:
    """Every type that a count names, with its metric."""
    read = (source.readable for source in sources)
    terms = (
        _term(term, written.product)
        for written in read
        if written is not None
        for doc in written.services.values()
        for term in doc.count
    )
    return frozenset(
        TypeKey(term.product, term.metric, name)
        for term in terms
        if isinstance(term.of, tuple)
        for name in term.of
    )


def reference(doc: ReferenceDoc) -> Reference:
    """A name or id as the model has it."""
    return Reference(doc.id, doc.name)


def _definition(name: str, doc: ServiceDoc, product: str, file: str) -> Definition:
    path = ("services", name)
    terms = tuple(_term(term, product) for term in doc.count)
    own = level_of(doc, file, path)
    level = Level(
        {"count": terms, **own.values},
        {"count": Origin(file, (*path, "count")), **own.origins},
    )
    products = frozenset(term.product for term in terms)
    return Definition(name, reference(doc.bms_service), level, products, Origin(file, path))


def _term(doc: TermDoc, product: str) -> Term:
    return Term(doc.product or product, doc.metric, _dimensions(doc.of), doc.subtract)


def _dimensions(named: list[str] | None) -> tuple[str, ...] | Rest | None:
    if named is None:
        return None
    return Rest() if named == [REST] else tuple(named)


def defined_twice(name: str, first: Origin, second: Origin) -> Trouble:
    """One name for two services."""
    return Trouble(
        "CFG019",
        f"service `{name}` is defined in {first.file} too",
        "rename one of them",
        second,
        at_key=True,
    )


def unknown_service(
    name: str, origin: Origin, known: Iterable[str], *, at_key: bool = False
) -> Trouble:
    """Nothing defines it."""
    remedy = choose(name, known, "define it in services/")
    return Trouble("CFG008", f"unknown service `{name}`", remedy, origin, at_key)


def check_product(product: str, origin: Origin, *, at_key: bool = False) -> Iterator[Trouble]:
    """Is it in the catalogue?"""
    known = load_catalogue()
    if product not in known:
        remedy = choose(product, known, "take a product of the catalogue")
        yield Trouble("CFG005", f"unknown product `{product}`", remedy, origin, at_key)


def _check_terms(doc: ServiceDoc, product: str, origin: Origin) -> Iterator[Trouble]:
    for index, term in enumerate(doc.count):
        path: Path = (*origin.path, "count", index)
        if term.product is not None:
            yield from check_product(term.product, Origin(origin.file, (*path, "product")))
        found = load_catalogue().get(term.product or product)
        if found is not None:
            yield from _check_metric(term, found, origin.file, path)
    if all(term.subtract for term in doc.count):
        yield Trouble(
            "CFG003",
            "the count only subtracts",
            "leave `subtract:` out of one metric",
            Origin(origin.file, (*origin.path, "count")),
        )


def _check_metric(term: TermDoc, product: Product, file: str, path: Path) -> Iterator[Trouble]:
    metric: Metric | None = product.metrics.get(term.metric)
    if metric is None:
        remedy = choose(term.metric, product.metrics, "take a metric of the product")
        message = f"{product.name} has no metric `{term.metric}`"
        yield Trouble("CFG006", message, remedy, Origin(file, (*path, "metric")))
    elif term.of is not None and not metric.has_dimensions:
        message = f"`{term.metric}` is one number, without types to choose from"
        yield Trouble("CFG003", message, "remove `of:`", Origin(file, (*path, "of")), at_key=True)
    elif term.of is not None and REST in term.of and len(term.of) > 1:
        message = "`rest` stands for all other types, and cannot stand beside some"
        remedy = "write `of: rest` alone, or take `rest` out"
        yield Trouble("CFG003", message, remedy, Origin(file, (*path, "of")), at_key=True)
