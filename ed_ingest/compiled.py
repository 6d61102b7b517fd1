"""Compile an inner loop once for all commands: the machine code is kept on disk.

It is kept beside the source file, or, where that folder cannot be written (an installation for all
users), in the user's own cache folder, or where ``NUMBA_CACHE_DIR`` points.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """The loop in machine code; it lets other threads run meanwhile.

    No floating-point liberties are taken: sums come out the same on every machine.
    """
    try:
        return cast(Loop, njit(cache=True, nogil=True)(loop))
    except RuntimeError:  # no folder at all can be written: compiled anew in each process
        return cast(Loop, njit(nogil=True)(loop))
