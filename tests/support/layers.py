"""Reads every import of a source tree, wherever it stands, and says which break the order."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

LEVELS = {
    "core": 0,
    "audit": 1,
    "outbox": 1,
    "files": 1,
    "accounts": 2,
    "content": 3,
    "inquiries": 3,
    "demo": 4,
    "site": 4,
    "patient": 4,
    "desk": 4,
}
"""The layers of docs/architecture.md; ``app/__init__.py`` alone stands above them all."""
UNREADABLE = "(not a literal)"


def faults(root: Path) -> list[str]:
    """Return a line for each import under ``root``/app that goes up, sideways or in a circle."""
    paths = {module_name(root, path): path for path in sorted((root / "app").rglob("*.py"))}
    found: list[str] = []
    graph: dict[str, set[str]] = {}
    for module, path in paths.items():
        if package(module) not in LEVELS and module != "app":
            found.append(f"{module}: the package stands in no layer")
        targets = list(imports(module, path, set(paths)))
        graph[module] = {target for target, _ in targets if target in paths}
        found += [
            f"{module}:{line} imports {target}: {fault}"
            for target, line in targets
            if (fault := fault_of(module, target))
        ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append("a circle: " + " → ".join(error.args[1]))
    return found


def module_name(root: Path, path: Path) -> str:
    """Return a file's name as an import names it."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def package(module: str) -> str:
    """Return the feature that a module of the application belongs to."""
    return module.split(".")[1] if "." in module else ""


def fault_of(source: str, target: str) -> str | None:
    """Return what is wrong with one import, None if nothing is."""
    if target == UNREADABLE:
        return "write the name out, so that it can be checked"
    here, there = package(source), package(target)
    if here == there or source == "app":
        return None
    if target == "app" or LEVELS.get(there, 0) > LEVELS.get(here, 0):
        return "goes up"
    return "goes sideways" if LEVELS.get(there) == LEVELS.get(here) else None


def imports(module: str, path: Path, known: set[str]) -> Iterator[tuple[str, int]]:
    """Return every module of the application that a file imports, and the line."""
    here = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join((*here.split(".")[: 1 - node.level or None], node.module or ""))
            base = base.strip(".") if node.level else str(node.module)
            members = [f"{base}.{alias.name}" for alias in node.names]
            # "from package import module" needs the module, "from module import name" the module.
            names = [member if member in known else base for member in members]
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__"}:
            first = node.args[0] if node.args else None
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            names = [str(first.value) if isinstance(first, ast.Constant) and literal else UNREADABLE]
        for name in dict.fromkeys(names):
            if name == UNREADABLE or name.split(".")[0] == "app":
                yield name, getattr(node, "lineno", 0)


def called(node: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
