"""Bans about templates, and about the icons that templates and cards name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tools.house.tree import Finding, Tree, line_of, python_files, templates

ICON_LIST = "unionhome/kit/icons.txt"
COMMENT = re.compile(r"{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
# What hangs together with hyphens is a class or a code, not prose.
WORD = re.compile(r"(?<![\w-])[A-Za-z]{2,}(?![\w-])")
ENGLISH_WORDS = 3
# Names that a Chinese page writes in Latin letters too.
PROPER = {
    "UnionHome", "Excel", "Word", "PDF", "CSV", "JSON", "DOCX", "XLSX", "HTML", "API", "OpenAPI", "URL", "GB",
    "SHA", "SM", "JPG", "JPEG", "PNG", "MB", "KB", "Ctrl",
}  # fmt: skip
READ_ALOUD = {"placeholder", "title", "alt", "aria-label", "label", "value"}
SILENT = {"script", "style", "code", "pre", "kbd", "samp"}
DATA_TYPES = {"application/json", "importmap"}
# A document is saved and opened by itself, under no content policy: it carries its own style. Scripts it may not have.
DOCUMENT = "_document.html"

ICON_IN_TEMPLATE = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|\bicon=["']([\w-]+)["']|icons\.svg#([\w-]+)""")
BLOCK_VALUE = re.compile(r"{{\s*block\b(?!\.super)|{%\s*(?:el)?if\s[^%]*\bblock\b")
ICON_ARGUMENT = {"Nav": 2, "Card": 1}


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with every match replaced by spaces; line ends stay, so that line numbers do."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def is_english(text: str) -> bool:
    return sum(word not in PROPER for word in WORD.findall(text)) >= ENGLISH_WORDS


class _Page(HTMLParser):
    """Collects English text and inline code of one template."""

    def __init__(self) -> None:
        super().__init__()
        self.english: list[tuple[int, str]] = []
        self.inline: list[tuple[int, str]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        given = {name: value or "" for name, value in attrs}
        self.silent += tag in SILENT
        self.inline += [(line, what) for what in inline_code(tag, given)]
        words = {value for name, value in given.items() if name in READ_ALOUD}
        self.english += [(line, value) for value in sorted(words) if is_english(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent and is_english(data):
            first = len(data) - len(data.lstrip())
            line = self.getpos()[0] + data[:first].count("\n")
            self.english.append((line, " ".join(data.split())[:60]))


def inline_code(tag: str, attrs: dict[str, str]) -> Iterator[str]:
    """What of one start tag the content policy would refuse to run or to apply."""
    if tag == "style":
        yield "<style>"
    if tag == "script" and "src" not in attrs and attrs.get("type") not in DATA_TYPES:
        yield "<script> without src"
    for name, value in attrs.items():
        if name == "style" or (name.startswith(("on", "hx-on")) and name != "on"):
            yield f"{name}="
        if value.strip().lower().startswith("javascript:"):
            yield f"{name}=javascript:"


def read_page(text: str) -> _Page:
    page = _Page()
    page.feed(blank(blank(text, COMMENT), TAG))
    page.close()
    return page


def find_english(tree: Tree) -> Iterator[Finding]:
    for path, text in templates(tree):
        for line, what in read_page(text).english:
            yield Finding(path, line, what)


def find_inline_code(tree: Tree) -> Iterator[Finding]:
    for path, text in templates(tree):
        for line, what in read_page(text).inline:
            if what != "<style>" or not path.endswith(DOCUMENT):
                yield Finding(path, line, what)


def _icons_in_code(node: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    if isinstance(node, ast.Call):
        yield from ((word.value.lineno, word.value) for word in node.keywords if word.arg == "icon")
        place = ICON_ARGUMENT.get(getattr(node.func, "id", ""))
        if place is not None and len(node.args) > place:
            yield node.lineno, node.args[place]
    if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "icon" and node.value:
        yield node.lineno, node.value
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
        names = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(getattr(name, "id", "").endswith("ICONS") for name in names):
            yield from ((value.lineno, value) for value in node.value.values)


def find_block_values(tree: Tree) -> Iterator[Finding]:
    """Inside a block the name `block` is the template's own, whatever the view calls so."""
    for path, text in templates(tree):
        for match in BLOCK_VALUE.finditer(blank(text, COMMENT)):
            yield Finding(path, line_of(text, match.start()), "block")


def find_unknown_icons(tree: Tree) -> Iterator[Finding]:
    known = set(tree.get(ICON_LIST, "").split())
    for path, text in templates(tree):
        for match in ICON_IN_TEMPLATE.finditer(blank(text, COMMENT)):
            name = match[1] or match[2] or match[3]
            if name not in known:
                yield Finding(path, line_of(text, match.start()), name)
    for path, module in python_files(tree, "unionhome"):
        for node in ast.walk(module):
            for line, value in _icons_in_code(node):
                name = value.value if isinstance(value, ast.Constant) else None
                if isinstance(name, str) and name and name not in known:
                    yield Finding(path, line, name)
