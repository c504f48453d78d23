"""What the asset build leaves behind, and what it refuses."""

import csv
import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from tools import build_assets
from tools.build_assets import BUILD, BuildError

SVG = "{http://www.w3.org/2000/svg}"
needs_build = pytest.mark.skipif(not (BUILD / ".assets-stamp").exists(), reason="the assets are not built")


@needs_build
def test_the_sprite_holds_every_listed_icon_once() -> None:
    sprite = ET.parse(BUILD / "static" / "icons.svg").getroot()
    names = [symbol.get("id") for symbol in sprite.iter(f"{SVG}symbol")]
    assert names == build_assets.icon_names()
    assert all(len(symbol) for symbol in sprite)


@needs_build
def test_nothing_copied_names_a_source_map() -> None:
    for target in build_assets.VENDOR.values():
        assert b"sourceMappingURL" not in (BUILD / target).read_bytes()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"a{}\n/*# sourceMappingURL=a.css.map */", b"a{}\n"),
        (b"f()\n//# sourceMappingURL=f.js.map\n", b"f()\n"),
        (b"f() // no map here\n", b"f() // no map here\n"),
    ],
)
def test_source_map_comments_are_cut(given: bytes, kept: bytes) -> None:
    assert build_assets.SOURCE_MAP.sub(b"\n", given) == kept


@needs_build
def test_divisions_form_a_whole_tree() -> None:
    with (BUILD / "data" / "divisions-610500.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    levels = {row["code12"]: row["level"] for row in rows}
    assert Counter(levels.values()) == build_assets.EXPECTED
    assert len(levels) == len(rows)
    assert all(len(code) == 12 and code.isdigit() for code in levels)
    above = {"county": "city", "town": "county", "village": "town"}
    assert all(levels[row["parent_code12"]] == above[row["level"]] for row in rows[1:])


@needs_build
def test_the_map_has_the_counties_of_the_division_table() -> None:
    features = json.loads((BUILD / "data" / "map-610500.json").read_text(encoding="utf-8"))["features"]
    with (BUILD / "data" / "divisions-610500.csv").open(encoding="utf-8", newline="") as file:
        counties = {row["code12"][:6]: row["name"] for row in csv.DictReader(file) if row["level"] == "county"}
    assert {each["properties"]["adcode"]: each["properties"]["name"] for each in features} == counties


def test_an_unknown_icon_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "icons.txt").write_text("no-such-icon\n", encoding="utf-8")
    monkeypatch.setattr(build_assets, "ICON_NAMES", tmp_path / "icons.txt")
    with pytest.raises(BuildError, match="no-such-icon"):
        build_assets.build_sprite()
