"""Pages that people open: one file each, no network, text from data never markup.

Every page extends ``templates/page.html.j2``: a header with the title and the protective marking,
the content, and a footer with the marking again. See docs/decisions/0004-pages.md for the safety
rules.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from ed_ingest import __version__
from hotspots.plain_text import plain_text, plain_texts
from hotspots.words import count_words, share_words


def render_page(
    template: str,
    *,
    data: Mapping[str, object],
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    island: Mapping[str, object] | None = None,
) -> str:
    """One complete HTML page that asks the network for nothing and runs only our own scripts.

    Parameters
    ----------
    template
        Name of a file in ``hotspots/templates`` that extends ``page.html.j2``.
    data
        What the template shows, as ``data.…``; every text is escaped by the template engine, and
        what cannot be seen in it (controls, marks of direction) is left out.
        ``title``, ``marking`` and ``subtitle`` (under the title; may be empty) are needed.
    scripts, styles
        Texts of the page's scripts and style sheets, in order; ``common.css`` always comes first.
        They must not hold text from data: put that into `data` or `island`.
    island
        What the scripts read: ``JSON.parse(document.getElementById("page-data").textContent)``;
        what cannot be seen is left out of it too.

    Returns
    -------
    str
        The page, with a Content-Security-Policy that allows these scripts and styles by their
        SHA-256 and nothing else (images as data URIs only).

    Raises
    ------
    ValueError
        If a script or style would end its own element.
    """
    styles = [asset("templates/common.css"), *styles]
    for text in (*scripts, *styles):
        if re.search(r"</(script|style)|<!--", text, flags=re.IGNORECASE):
            raise ValueError("a script or style sheet of a page must not hold markup")
    return (
        _environment()
        .get_template(template)
        .render(
            data=data,
            scripts=[Markup(text) for text in scripts],  # noqa: S704 (ours, checked above)
            styles=[Markup(text) for text in styles],  # noqa: S704
            island=None if island is None else Markup(_plain_island(island)),  # noqa: S704
            policy=content_security_policy(scripts=scripts, styles=styles),
            version=__version__,
        )
    )


def write_page(path: Path, page: str) -> None:
    """Write a page as UTF-8 with plain line ends: other line ends would break the hashes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")


def write_index(
    path: Path,
    *,
    title: str,
    marking: str,
    period_words: str,
    entries: Sequence[tuple[str, str, str]],
    caveats: Sequence[str],
) -> None:
    """Write the front page of a month pack.

    Parameters
    ----------
    path
        File to write.
    title, marking, period_words
        Title of the pack, its protective marking, and the nights that it covers, in words.
    entries
        For each file of the pack: its path relative to `path`, its title, and one sentence that
        says who it is for.
    caveats
        Sentences that the reader must know.
    """
    data = {
        "title": title,
        "subtitle": period_words,
        "marking": marking,
        "entries": [
            {"href": quote(href), "title": name, "sentence": sentence}
            for href, name, sentence in entries
        ],
        "caveats": list(caveats),
    }
    write_page(path, render_page("index.html.j2", data=data))


def asset(name: str) -> str:
    """Text of a file shipped with the package: ``templates/…`` or ``static/…``."""
    return resources.files("hotspots").joinpath(name).read_text(encoding="utf-8")


def json_island(data: Mapping[str, object]) -> str:
    """JSON that can stand inside a script element: no character in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def content_security_policy(*, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """Policy that allows these scripts and styles by hash, data-URI images, and nothing else."""
    rules = ["default-src 'none'", "img-src data:"]
    for kind, texts in (("script-src", scripts), ("style-src", styles)):
        if texts:
            rules.append(" ".join([kind, *(_hash_source(text) for text in texts)]))
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _plain_island(island: Mapping[str, object]) -> str:
    return json_island({key: plain_texts(value) for key, value in island.items()})


def _plain_output(value: object) -> object:
    """What a template puts out: of a text only what can be seen; markup is the template's own."""
    return plain_text(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _hash_source(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: asset(f"templates/{name}")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_plain_output,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count_words"] = count_words
    environment.filters["share_words"] = share_words
    return environment
