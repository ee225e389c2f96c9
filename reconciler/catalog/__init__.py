"""The products and metrics we know, as packaged data."""

from reconciler.catalog.products import Metric, Product, load_catalogue

__all__ = ["Metric", "Product", "load_catalogue"]
