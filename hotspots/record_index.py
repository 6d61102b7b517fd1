"""The indices of record files: which files there are of each provider, and what is in each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ed_ingest.errors import StoreError
from hotspots.record_layout import ABOUT, is_index
from hotspots.record_parts import FORMAT
from hotspots.record_storage import Storage


def require_format(storage: Storage, there: Mapping[str, int]) -> None:
    """Refuse files of another version of the product."""
    if ABOUT in there and json.loads(storage.read([ABOUT])[ABOUT]).get("format") != FORMAT:
        raise StoreError(
            f"{storage.told}: record files of another version of ed-hotspots. Empty the address, "
            "and export again."
        )


def read_indices(storage: Storage, there: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """The index of each provider's files, by provider: ``provider, source, files``."""
    try:
        found = storage.read([path for path in there if is_index(path)])
        indices = [json.loads(text) for text in found.values()]
        return {str(index["provider"]): index for index in indices}
    except FileNotFoundError:
        raise renewed(storage.told) from None
    except (ValueError, KeyError, TypeError):
        raise StoreError(
            f"{storage.told}: an index is damaged. Empty the address, and export again."
        ) from None


def renewed(told: str) -> StoreError:
    """The error of a reader whose files another export has deleted."""
    return StoreError(f"{told}: the records were exported again meanwhile. Begin anew.")
