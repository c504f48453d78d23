"""Bans about what no tracked text may say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.house.tree import Finding, Tree, line_of

# These files quote what they forbid.
QUOTING = ("tools/house/", "tests/house/test_house_bans.py")
PROSE = re.compile(r"^(docs/|LICENSE)|\.md$")

HOST = re.compile(r"https?://(?=[A-Za-z0-9\[])")
HOST_ALLOWED = re.compile(
    r"www\.w3\.org/|schemas\.(openxmlformats|microsoft)\.|purl\.org/|"  # names of XML vocabularies
    r"wiki\.open311\.org/GeoReport_v2\b|"  # what the standard calls itself
    r"(127\.0\.0\.1|localhost|\[::1\]|testserver)\b|"
    r"([\w-]+\.)*(example(\.(com|net|org))?|test|invalid)(?![\w.-])"  # reserved for examples
)
MACHINE_PATH = re.compile(r"(?<![\w.\-/}])/(?:(?:work|root)/|(?:home|Users)/[\w.-]+/)\w|\b[A-Z]:\\\\?\w")
WORDS = {
    "贫困职工": "困难职工",
    "弱势群体": "困难群体 or the people by name",
    "募捐": "慈善捐赠 or 互助",
    "临时工": "灵活就业人员 or 劳务派遣人员",
    "成功！": "a sentence that says what is now the case",
}
UNFINISHED = re.compile(r"(?:#|//|/\*|<!--|{#)\s*(?:TODO|FIXME|XXX|HACK)\b")
SPOKEN = (".py", ".html", ".js", ".csv", ".txt", ".json", ".toml")


def _searched(tree: Tree) -> Iterator[tuple[str, str]]:
    for path, text in tree.items():
        if not path.startswith(QUOTING):
            yield path, text


def find_hosts(tree: Tree) -> Iterator[Finding]:
    for path, text in _searched(tree):
        if PROSE.search(path):
            continue
        for match in HOST.finditer(text):
            if not HOST_ALLOWED.match(text, match.end()):
                yield Finding(path, line_of(text, match.start()), text[match.start() : match.end() + 40].split()[0])


def find_machine_paths(tree: Tree) -> Iterator[Finding]:
    for path, text in _searched(tree):
        for match in MACHINE_PATH.finditer(text):
            yield Finding(path, line_of(text, match.start()), match[0])


def find_words(tree: Tree) -> Iterator[Finding]:
    for path, text in _searched(tree):
        if path.startswith("unionhome/") and path.endswith(SPOKEN):
            for word, instead in WORDS.items():
                for match in re.finditer(word, text):
                    yield Finding(path, line_of(text, match.start()), f"{word}: say {instead}")


def find_unfinished(tree: Tree) -> Iterator[Finding]:
    for path, text in _searched(tree):
        for match in UNFINISHED.finditer(text):
            yield Finding(path, line_of(text, match.start()), match[0])
