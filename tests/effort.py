"""How many examples a slow Hypothesis test tries; in `make test-all` five times as many."""

from __future__ import annotations

from hypothesis import settings


def few(n: int, **more: object) -> settings:
    """Settings of `n` examples, times five under ``--hypothesis-profile=thorough``.

    Parameters
    ----------
    n
        Examples of the quick run.
    more
        Other settings of Hypothesis.
    """
    times = 5 if settings.get_current_profile_name() == "thorough" else 1
    return settings(max_examples=n * times, **more)
