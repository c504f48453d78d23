"""Which public functions of the house are used, and from which files."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "unionhome"
KINDS = ("queries", "actions", "rules")


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, tuple[Path, ast.Module]]:
    """Every module of the product, by its dotted name."""
    return {
        dotted(path): (path, ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(HOUSE.rglob("*.py"))
        if "migrations" not in path.parts
    }


def public_functions(kind: str) -> list[str]:
    """The dotted names of the functions of every queries, actions or rules that do not begin with an underscore."""
    return [
        f"{module}.{node.name}"
        for module, (_, tree) in sources().items()
        if kind in module.split(".")[3:5]
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def listed(module: str) -> list[str]:
    """The names in the `__all__` of a package of the product: what a star passes on."""
    for node in sources()[module][1].body if module in sources() else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


@cache
def bindings(module: str) -> dict[str, str]:
    """What the imports of a module, at its top or inside functions, bind: local name to dotted name."""
    found: dict[str, str] = {}
    for node in ast.walk(sources()[module][1]):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [(each.name, each.asname or each.name) for each in node.names]
            if names == [("*", "*")]:
                names = [(each, each) for each in listed(node.module)]
            found |= {local: f"{node.module}.{name}" for name, local in names}
        elif isinstance(node, ast.Import):
            found |= {each.asname: each.name for each in node.names if each.asname}
    return found


def home_of(name: str) -> str:
    """Where a dotted name is written, followed through the packages that pass it on."""
    module, _, last = name.rpartition(".")
    if module in sources():
        passed_on = bindings(module).get(last)
        return home_of(passed_on) if passed_on and passed_on != name else name
    if module.startswith("unionhome."):
        above = home_of(module)
        return home_of(f"{above}.{last}") if above != module else name
    return name


def names_in(module: str) -> Iterator[str]:
    """Every dotted name that a module uses: names, attributes of what it imports, and dotted texts."""
    bound = bindings(module)
    for node in ast.walk(sources()[module][1]):
        if isinstance(node, ast.Name) and node.id in bound:
            yield bound[node.id]
        elif isinstance(node, ast.Attribute):
            chain = ast.unparse(node)
            head, _, rest = chain.partition(".")
            if head in bound:
                yield f"{bound[head]}.{rest}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("unionhome."):
            yield node.value


@cache
def uses() -> dict[str, set[str]]:
    """The modules that use a function, by the function's dotted name; a package that only passes it on is no use."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in sources():
        for name in names_in(module):
            found[home_of(name)].add(module)
    return found


def outside(function: str, kind: str) -> bool:
    """Whether a function of a room is used beyond the file or folder `kind` that it is written in."""
    place = ".".join(function.split(".")[: function.split(".").index(kind) + 1])
    return any(module != place and not module.startswith(f"{place}.") for module in uses().get(function, ()))
