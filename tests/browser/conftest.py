"""A real browser without a network, and a visit to a page that notes all that it does."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

playwright_api = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'"
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
AXE = Path(__file__).parent / "axe-core" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Visit(NamedTuple):
    """An open page, what it asked the network for, and what it complained of."""

    page: object
    requests: list[str]
    messages: list[str]

    def ready(self) -> Visit:
        """Wait until the map stands."""
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self

    def faults(self) -> list[str]:
        """What a locked-down browser would have to refuse, or show in its console."""
        return self.requests + self.messages

    def violations(self) -> list[str]:
        """Rules of WCAG 2.2 AA that axe-core finds broken, each with its first culprit."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", AXE_RULES
        )
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in result["violations"]]


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium; the tests skip where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("no Chromium found: install it, or set CHROMIUM to its path")
    with playwright_api.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser):
    """Open a file with the network cut off: ``visit(path, width=1280, height=720)``."""
    contexts = []

    def open_file(path: Path, *, width: int = 1280, height: int = 720, **options) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.set_offline(True)
        requests, messages = [], []
        page = context.new_page()
        page.route("http*://**", lambda route: route.abort())
        page.on("request", lambda request: _note(requests, request.url))
        page.on("console", lambda message: messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: messages.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (messages.append("dialog"), dialog.dismiss()))
        page.goto(path.as_uri())
        requests.remove(path.as_uri())
        return Visit(page, requests, messages)

    yield open_file
    for context in contexts:
        context.close()


def _note(requests: list[str], url: str) -> None:
    if not url.startswith("data:"):
        requests.append(url)
