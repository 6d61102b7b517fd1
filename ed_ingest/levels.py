"""Which types of location are homes, and which levels of location have a point to draw."""

from __future__ import annotations

HOMES = ("own_home", "other_home")
MAPPED_LEVELS = ("coordinates", "premises", "postcode", "junction", "street")
# Of these a person may know more: the words name no place, or one that is too large to draw.
UNPLACED_LEVELS = ("none", "locality", "area")
