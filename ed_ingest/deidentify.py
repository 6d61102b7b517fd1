"""GATE 1: people, numbers and homes leave the words (redact); only what is known stays (seal)."""

from __future__ import annotations

from hashlib import blake2b

import pandas as pd


def opaque_ids(key: bytes, provider: str, parts: pd.Series) -> pd.Series:
    """Name each record by a keyed hash that tells nothing without the workspace's key.

    Parameters
    ----------
    key
        The workspace's random key, 16 to 64 bytes, kept outside the database.
    provider
        Provider id; equal parts of two providers get unlike names.
    parts
        What tells one record of the provider from another; none missing.

    Returns
    -------
    Series
        32 hexadecimal digits each, on the index of `parts`; equal parts get equal names.

    Raises
    ------
    ValueError
        If the key is too short or too long, or a part is missing.
    """
    if not 16 <= len(key) <= 64:
        raise ValueError("The workspace's key must have 16 to 64 bytes.")
    if parts.isna().any():
        raise ValueError("A part that names a record is missing.")
    codes, distinct = pd.factorize(parts.astype(str))
    digests = [
        blake2b(f"{provider}\x1f{part}".encode(), key=key, digest_size=16).hexdigest()
        for part in distinct
    ]
    names = pd.Series(digests, dtype="str")
    return pd.Series(names.to_numpy()[codes], index=parts.index, dtype="str")
