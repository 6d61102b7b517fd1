"""Delivery to stored record: read, check, de-identify, locate, link and keep assault records."""

__version__ = "0.1.0"
__all__ = ["__version__"]
