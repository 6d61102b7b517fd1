"""Coverage-guided fuzzing of the reader, by hand: python tests/fuzz/reader_atheris.py [SECONDS].

Needs atheris (`pip install atheris`), which is not among the dependencies; without it nothing runs.
Any exception but FileError is a find. Workbooks are not fuzzed here: their reader is compiled, and
is fuzzed in its own process by tests/ed_ingest/test_reader_fuzz.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: nothing was run.")

MODULES = ("delimited", "header", "no_records", "record_xml", "records")
with atheris.instrument_imports(include=[f"ed_ingest.{name}" for name in MODULES]):
    from ed_ingest.errors import FileError
    from ed_ingest.read import read_extract

SEEDS = (
    b'\x00Arrival;Place;Method\r\n03/01/2026 02:50;"High St; bar";Fist\r\nTotal;1;\r\n',
    b'\x00sep=,\na,b\n1,"x\ny"\n',
    b"\x01<X p='1'><A n='1'><P>a</P></A><A n='2'><P>b</P><P>c</P></A></X>",
)


def main() -> None:
    """Fuzz for the seconds named, 60 without."""
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    folder = Path(tempfile.mkdtemp())
    seeds = folder / "seeds"
    seeds.mkdir()
    for n, seed in enumerate(SEEDS):
        (seeds / str(n)).write_bytes(seed)

    def one(content: bytes) -> None:
        # The first byte chooses the kind of file.
        path = folder / ("a.xml" if content[:1] == b"\x01" else "a.csv")
        path.write_bytes(content[1:])
        try:
            raw = read_extract(path)
        except FileError:
            return
        if raw.empty or not raw.index.is_unique:
            raise RuntimeError("a table without rows, or with a row twice")

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=2000", str(seeds)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
