"""The first rule of the house, by import contracts: down only, never sideways."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).parent / "lint-imports"
MODULES = (
    "config/urls", "services/helpdesk/views", "services/relief/views", "core/home/views", "core/cases/actions",
    "core/members/queries", "core/files/actions", "core/jobs/actions", "core/access/queries",
    "core/registry/actor", "kit/dates",
)  # fmt: skip

BAD = (
    ("kit/dates", "unionhome.core.registry.actor"),
    ("core/home/views", "unionhome.services.helpdesk.views"),
    ("core/access/queries", "unionhome.config.urls"),
    ("services/helpdesk/views", "unionhome.services.relief.views"),
    ("core/members/queries", "unionhome.core.cases.actions"),
    ("core/jobs/actions", "unionhome.core.files.actions"),
    ("core/registry/actor", "unionhome.core.access.queries"),
)
GOOD = (
    ("config/urls", "unionhome.services.helpdesk.views"),
    ("services/helpdesk/views", "unionhome.core.cases.actions"),
    ("core/cases/actions", "unionhome.core.registry.actor"),
    ("core/registry/actor", "unionhome.kit.dates"),
)


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run([LINT, "--no-cache"], cwd=root, env=env, capture_output=True, text=True)


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A house of empty modules under the same contracts."""
    for name in MODULES:
        path = tmp_path / "unionhome" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for folder in path.relative_to(tmp_path).parents[:-1]:
            (tmp_path / folder / "__init__.py").touch()
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_no_import_is_excused() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert not [contract["name"] for contract in settings["contracts"] if contract.get("ignore_imports")]


@pytest.mark.parametrize(("module", "imported"), BAD)
def test_an_import_up_or_sideways_is_found(small_house: Path, module: str, imported: str) -> None:
    (small_house / "unionhome" / f"{module}.py").write_text(f"import {imported}\n", encoding="utf-8")
    done = lint(small_house)
    assert done.returncode == 1, done.stdout
    assert imported in done.stdout


def test_imports_down_are_allowed(small_house: Path) -> None:
    for module, imported in GOOD:
        (small_house / "unionhome" / f"{module}.py").write_text(f"import {imported}\n", encoding="utf-8")
    done = lint(small_house)
    assert done.returncode == 0, done.stdout


def test_a_room_outside_of_the_stack_is_found(small_house: Path) -> None:
    folder = small_house / "unionhome" / "core" / "attic"
    folder.mkdir()
    (folder / "__init__.py").touch()
    done = lint(small_house)
    assert done.returncode == 1, done.stdout
    assert "attic" in done.stdout
