"""Pages are whole, quiet on the network, and never take text for markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from hotspots.pages import json_island, render_page, write_index, write_page

HOSTILE = "</script><script>alert(1)</script>${alert(1)}{{ 7 * 7 }}\"'><img src=x onerror=alert(1)>"


def front_page(path, **changes) -> str:
    """The front page of a pack of one file."""
    parts = {
        "title": "Violence seen by hospitals: Marford",
        "marking": "OFFICIAL–SENSITIVE",
        "period_words": "Nov 2025 – Oct 2026",
        "entries": [("tasking/tasking-map.html", "Tasking map", "Where and when.")],
        "caveats": ["The place is as the patient told it."],
    }
    write_index(path, **{**parts, **changes})
    return path.read_text(encoding="utf-8")


def test_the_front_page_links_each_file_and_shows_the_marking_top_and_bottom(tmp_path):
    page = front_page(tmp_path / "index.html")

    assert '<a href="tasking/tasking-map.html">Tasking map</a>' in page
    assert "Where and when." in page
    assert "The place is as the patient told it." in page
    assert page.count("OFFICIAL–SENSITIVE") == 2
    assert '<html lang="en-GB">' in page


@pytest.mark.parametrize("part", ["title", "marking", "period_words"])
def test_text_from_data_is_never_markup(tmp_path, part):
    page = front_page(tmp_path / "index.html", **{part: HOSTILE})

    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page  # shown as it is, not worked out


def test_a_front_page_without_caveats_has_no_empty_heading(tmp_path):
    assert "Before you use it" not in front_page(tmp_path / "index.html", caveats=[])


def test_the_policy_allows_these_scripts_and_styles_by_hash_and_nothing_else():
    data = {"title": "T", "subtitle": "", "marking": "M", "entries": [], "caveats": []}
    page = render_page("index.html.j2", data=data, scripts=["let a = 1;"], styles=["p { top: 0 }"])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    texts = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", page, flags=re.DOTALL)

    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    assert len(texts) == 3
    for text in texts:
        digest = hashlib.sha256(text.encode("utf-8")).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy


@pytest.mark.parametrize("text", ["</script >", "a <!-- b", "</STYLE>"])
def test_a_script_that_would_end_its_element_is_refused(text):
    data = {"title": "T", "subtitle": "", "marking": "M", "entries": [], "caveats": []}

    with pytest.raises(ValueError, match="must not hold markup"):
        render_page("index.html.j2", data=data, scripts=[text])


def test_the_island_cannot_end_its_element_and_reads_back_as_it_was():
    data = {"name": HOSTILE + "\u2028\u2029&amp;", "n": 5}
    text = json_island(data)

    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == data


def test_a_figure_that_json_does_not_know_is_an_error():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_island({"n": float("nan")})


def test_pages_have_plain_line_ends_so_that_the_hashes_hold(tmp_path):
    write_page(tmp_path / "new" / "page.html", "a\nb\n")

    assert (tmp_path / "new" / "page.html").read_bytes() == b"a\nb\n"
