"""Make the pictures of the worked example anew. Run: python docs/make_pictures.py [FOLDER].

FOLDER is one in which the worked example was carried out; without it that is done first, in a
temporary one. Needs Chromium, and pdftoppm for the sheet of paper.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
PACK = "our-partnership/outputs/2025-12"
# Name of the picture, page of the pack, and the part of it that is shown: width and height.
PAGES = (
    ("pack-index", "index.html", (1000, 620)),
    ("tasking-map", "tasking/tasking-map.html", (1280, 800)),
    ("completeness", "data-quality/completeness.html", (1100, 820)),
    ("premises", "licensing/premises.html", (1100, 760)),
)
SHEETS = (("tasking-brief", "tasking/tasking-brief.pdf"),)
SHEET_DPI = 90
COLOURS = 128


def take_pictures(pack: Path, target: Path) -> None:
    """Show pages of a pack in Chromium, print sheets of paper, and keep each as a small PNG."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)))
    target.mkdir(exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, page_name, (width, height) in PAGES:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto((pack / page_name).resolve().as_uri())
            page.wait_for_timeout(1500)  # the map draws itself
            page.screenshot(path=target / f"{name}.png")
            page.close()
        browser.close()
    for name, sheet in SHEETS:
        subprocess.run(
            ["pdftoppm", "-png", "-r", str(SHEET_DPI), "-f", "1", "-l", "1", "-singlefile",
             str(pack / sheet), str(target / name)],
            check=True,
        )  # fmt: skip
    for path in target.glob("*.png"):
        Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main(folder: Path | None) -> None:
    """Carry out the worked example where there is none yet, and take its pictures."""
    if folder is not None:
        take_pictures(folder / PACK, PICTURES)
        return
    sys.path.insert(0, str(ROOT))
    from tests.documents import run_page

    with tempfile.TemporaryDirectory() as made:
        for _ in run_page(ROOT / "docs" / "worked-example.md", Path(made)):
            pass
        take_pictures(Path(made) / PACK, PICTURES)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
