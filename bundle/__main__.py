"""The command line of the bundle: parse the arguments, make one call, print."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bundle.make import PYTHONS, make_bundle
from ed_ingest.errors import EdHotspotsError


def main() -> int:
    """Make the bundle; one sentence for what can be mended."""
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("dist"), help="where to make it")
    parser.add_argument(
        "--python",
        action="append",
        choices=PYTHONS,
        help="a version of Python that it shall serve; may be given several times; default all",
    )
    parser.add_argument(
        "--installer", type=Path, help="Python's own installer for Windows, to lie in python/"
    )
    given = parser.parse_args()
    try:
        made = make_bundle(
            given.out, pythons=tuple(given.python or PYTHONS), installer=given.installer, tell=_tell
        )
    except EdHotspotsError as error:
        sys.stderr.write(f"bundle: {error}\n")
        return error.exit_code
    _tell(f"Made: {made.folder}")
    _tell(f"      {made.archive}, {made.archive.stat().st_size / 1e6:.0f} MB")
    _tell(f"      SHA-256 {made.sha256}")
    return 0


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
