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


def inlined(loop: Loop) -> Loop:
    """The loop written into each compiled one that calls it, never called by itself.

    A call of its own counts references to each array: where it would be made for every pair of
    points, at many times the cost of what it does. Callers kept on disk do not see that it changed:
    delete their ``__pycache__`` after an edit.
    """
    return cast(Loop, njit(inline="always")(loop))
