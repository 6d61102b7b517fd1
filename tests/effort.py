"""How often a slow test tries; in `make test-all` five times as often."""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def times(n: int) -> int:
    """Return `n`, times five under ``--hypothesis-profile=thorough``."""
    return n * 5 if settings.get_current_profile_name() == "thorough" else n


def few(n: int, **more: Any) -> settings:
    """Hypothesis's settings of `times(n)` examples; `more` are its other settings."""
    return settings(max_examples=times(n), **more)
