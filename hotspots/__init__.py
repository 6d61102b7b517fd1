"""Stored record to decision: density, hot spots, timing, disclosure control and the month pack."""

from ed_ingest import __version__

__all__ = ["__version__"]
