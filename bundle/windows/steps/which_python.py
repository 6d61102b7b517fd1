"""Ends with 0 if this Python can run ed-hotspots, else with 1. Any Python can read this file."""

import os
import platform
import struct
import sys


def suits(served, version, bits, machine, prefix):
    """Whether wheels for it are here, and whether it writes where it is told to.

    The Store's Python is kept away from the user's folders by Windows: it writes elsewhere.
    """
    return (
        "%d.%d" % version[:2] in served  # noqa: UP031 - an old Python must get as far as to say no
        and bits == 64
        and machine.upper() in ("AMD64", "X86_64")
        and "WindowsApps" not in prefix
    )


def main():
    """Judge the Python that runs this."""
    here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120
    with open(os.path.join(here, "..", "pythons.txt")) as lines:  # noqa: PTH118, PTH123
        served = lines.read().split()
    bits = struct.calcsize("P") * 8
    prefix = getattr(sys, "base_prefix", sys.prefix)
    return 0 if suits(served, sys.version_info, bits, platform.machine(), prefix) else 1


if __name__ == "__main__":
    sys.exit(main())
