"""Which types of location are homes, and which levels of location have a point to draw."""

from __future__ import annotations

HOMES = ("own_home", "other_home")
MAPPED_LEVELS = ("coordinates", "premises", "postcode", "junction", "street")
