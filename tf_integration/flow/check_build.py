"""The partner's own check as one file: `dry_run` with the modules that it reaches, the contracts and the suites.

What goes in is found by following imports from its command, so that it is the platform's own code and no copy. A module
that reaches for a database, a server or anything else that a partner has not installed stops the build.
"""

from __future__ import annotations

import ast
import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tf_integration.model.errors import ContractError
from tf_integration.model.settings import PROJECT, Settings

PACKAGE = "tf_integration"
ENTRY = f"{PACKAGE}.cli.alone"
NEEDS = {"numpy": "numpy", "polars": "polars", "pydantic": "pydantic", "stdnum": "python-stdnum", "yaml": "pyyaml"}
DATA = ("tf_integration/feeds/*.yaml", "tf_integration/check/guards.yaml", "tf_integration/land/limits.yaml",
        "expectations/*.json")  # fmt: skip
LEFT_OUT = frozenset({f"{PACKAGE}.land.pgp"})  # an encrypted file is checked before it is encrypted
OWN = ("guards.yaml", "limits.yaml")  # a council's own, which go with the file
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same code makes the same file

_MAIN = '''\
"""Made by `tfi check-build`. Needs Python 3.11 and: {needs}."""
import sys, tempfile, zipfile
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("tfi-check: Python 3.11 or later is needed.")
with tempfile.TemporaryDirectory(prefix="tfi-check-") as folder:
    with zipfile.ZipFile(Path(__file__).resolve().parent) as packed:
        packed.extractall(folder)
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    try:
        from {entry} import main
    except ModuleNotFoundError as lacking:
        sys.exit(f"tfi-check: {{lacking.name}} is not installed. Run: python -m pip install {needs}")
    code = main(own=Path(folder) / "own")
sys.exit(code)
'''


def build(settings: Settings, out: Path) -> dict[str, Any]:
    """Write the single file; a council's own guards and limits go with it.

    Returns `file`, `sha256` (the same code and contracts give the same), `bytes`, `modules`, and `needs`: the
    packages that a partner installs.

    Raises:
        ContractError: a module reaches for a package that a partner does not have.
    """
    modules = reached(ENTRY)
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in sorted(_contents(settings, modules)):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, data)
    data = out.read_bytes()
    return {
        "file": str(out),
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "modules": sorted(modules),
        "needs": sorted(NEEDS.values()),
    }


def _contents(settings: Settings, modules: set[str]) -> Iterator[tuple[str, bytes]]:
    yield "__main__.py", _MAIN.format(needs=" ".join(sorted(NEEDS.values())), entry=ENTRY).encode()
    folders = {"/".join(parts[:n]) for parts in (m.split(".") for m in modules) for n in range(1, len(parts))}
    for folder in folders:
        yield f"{folder}/__init__.py", b""  # a room's front door opens on all of it, which is not here
    for module in modules:
        yield f"{module.replace('.', '/')}.py", _file(module).read_bytes()
    for pattern in DATA:
        for file in PROJECT.glob(pattern):
            yield str(file.relative_to(PROJECT)), file.read_bytes()
    for file in (settings.home / name for name in OWN):
        if file.is_file():
            yield f"own/{file.name}", file.read_bytes()


def reached(entry: str) -> set[str]:
    """The modules of ours that one reaches by its imports, however deep; packages' own files are left out.

    Raises:
        ContractError: one of them imports, at its top, a package that is not among `NEEDS`.
    """
    found: set[str] = set()
    asked = [entry]
    while asked:
        module = asked.pop()
        if module in found or module in LEFT_OUT:
            continue
        found.add(module)
        ours, others = imports(ast.parse(_file(module).read_text()))
        if lacking := sorted(others - set(NEEDS) - set(sys.stdlib_module_names)):
            raise ContractError(f"it imports {', '.join(lacking)}, which a partner's own check does without.",
                                where=module, mend="Import it inside the function that needs it.")  # fmt: skip
        asked += sorted(ours)
    return found


def imports(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The modules of ours that a file imports anywhere but for its types; the packages that it imports at its top."""
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    ours: set[str] = set()
    for node in ast.walk(tree):
        if id(node) not in for_types:
            ours |= {m for name in _names(node) for m in [_module(name)] if m}
    others = {name.split(".")[0] for node in tree.body for name in _names(node)}
    return ours, others - {PACKAGE, "__future__"}


def _names(node: ast.AST) -> list[str]:
    """What an import statement names, whole; a name from a module may be a module itself or what stands in it."""
    if isinstance(node, ast.Import):
        return [a.name for a in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{a.name}" for a in node.names]
    return []


def _module(name: str) -> str | None:
    """The module of ours that a dotted name is, or stands in; None of another's, or of a package's own file."""
    for candidate in (name, name.rpartition(".")[0]):
        if candidate.startswith(f"{PACKAGE}.") and _file(candidate).is_file():
            return candidate
    return None


def _file(module: str) -> Path:
    return PROJECT / f"{module.replace('.', '/')}.py"
