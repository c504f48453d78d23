"""Everything that somebody can read, as text: to compare the house before and after something happened elsewhere."""

import difflib
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_plus, urlencode

from django.urls import reverse

from tests.house.addresses import addresses
from tests.house.visits import Answer, Visitor
from unionhome.core.registry import Figure, discover

Pages = dict[str, str]
VARIES = (
    (re.compile(r'(name="(?:csrfmiddlewaretoken|submit_key)" value=")[^"]*'), r"\1"),
    (re.compile(r'("csrfmiddlewaretoken"|X-CSRFToken["\']?): ?["\'][^"\']*["\']'), r"\1"),
    (re.compile(r"<dcterms:[a-z]+ [^>]*>[^<]*"), ""),
)
"""What differs between two looks at the same page."""
SEARCH_BOX = re.compile(r'<input[^>]* name="(q|text)"')
DOWNLOADS = ("access:export_journal", "figures:export")
"""Files that are asked for by a form."""


def text_of(answer: Answer) -> str:
    """The whole answer as text: workbooks unpacked, one-time tokens taken out."""
    body = answer.body
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"\n".join(book.read(name) for name in sorted(book.namelist()))
    text = body.decode("utf-8", "replace")
    for pattern, kept in VARIES:
        text = pattern.sub(kept, text)
    return f"{answer.status} {answer.location}\n{text}"


def read_all(visitor: Visitor, viewer: str, place: str, *, searches: Iterable[str] = (), figures: bool = True) -> Pages:
    """Every page, download and API answer that the viewer's doors let through, about the objects at a place.

    Where a page has a search box, it is asked for every one of `searches` too. `figures`: also the rows
    of every single figure, not only the list of all their values.
    """
    pages: Pages = {}
    words = tuple(searches)
    for method, url in _urls(visitor, viewer, place, figures):
        pages[url] = text_of(visitor.visit(viewer, method, url))
        for name in searched_by(url, pages[url]):
            for word in words:
                searched = f"{url}{'&' if '?' in url else '?'}{urlencode({name: word})}"
                pages[searched] = text_of(visitor.visit(viewer, method, searched))
    return pages


def searched_by(url: str, page: str) -> list[str]:
    """Names of the search boxes of a page; lists of the API, but for figures, are searched by `text`.

    The box at the top of every page leads to the one page of the search; the list of cases takes its word from there.
    """
    if url.startswith("/api/"):
        return ["text"] if "items" in page and not url.startswith("/api/v1/figures") else []
    if url.partition("?")[0] in (reverse("home:search"), reverse("cases:list")):
        return ["q"]
    return sorted(set(SEARCH_BOX.findall(page.partition("<main")[2])))


def _urls(visitor: Visitor, viewer: str, place: str, figures: bool) -> Iterable[tuple[str, str]]:
    for each in addresses():
        door = each.door
        if door is None or door.name not in ("desk", "api") or not visitor.may_pass(viewer, door.permission):
            continue
        if "GET" in each.methods or not each.methods:
            yield "POST" if each.name in DOWNLOADS else "GET", visitor.url(each, viewer, place)
    if figures and visitor.may_pass(viewer, "figures.view"):
        yield from _figure_urls(visitor, place)


def _figure_urls(visitor: Visitor, place: str) -> Iterable[tuple[str, str]]:
    """The rows of every figure. How a page and a workbook show them is one code for all, read with one figure above."""
    figures: tuple[Figure, ...] = discover("figures", "FIGURES")
    code = visitor.samples.world.nodes[place].code
    asked = urlencode({"node": code, "organization": code})
    for figure in figures:
        yield "GET", f"/api/v1/figures/{figure.code}/rows?{asked}"


def differences(before: Mapping[str, str], after: Mapping[str, str], most: int = 12) -> list[str]:
    """The lines in which pages differ, page by page."""
    found = []
    for url in sorted({*before, *after}):
        old, new = before.get(url, "").splitlines(), after.get(url, "").splitlines()
        lines = [
            line
            for line in difflib.unified_diff(old, new, lineterm="", n=0)
            if not line.startswith(("---", "+++", "@@"))
        ]
        if lines:
            found.append("\n".join([url, *lines[:most]]))
    return found


def showing(pages: Mapping[str, str], markers: Iterable[str]) -> list[str]:
    """Where a marker stands on a page, but for a page that repeats what was searched for."""
    words = tuple(markers)
    return [
        f"{url} shows {word}"
        for url, text in pages.items()
        for word in words
        if word in text and word not in unquote_plus(url)
    ]
