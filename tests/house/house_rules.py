"""The house rules as functions: each takes a folder and returns the places that break it, in words."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "tf_integration"

FUNCTION_GUIDE, FUNCTION_LIMIT = 25, 60
FILE_GUIDE, FILE_LIMIT = 300, 400
README_LIMIT = 40
DAG_LIMIT = 60
RUN_BY_FOLDER = ("mart", "analyst", "assess")  # their files are run in order of name, without being named
SQL_HEADER = ("what", "grain", "reads", "key")


def tracked(root: Path, *suffixes: str) -> list[Path]:
    """Files that belong to the tree: those that git knows or would take, or all of a folder outside git."""
    try:
        named = subprocess.run(
            ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        files = [root / n for n in named]
    except subprocess.CalledProcessError:
        files = [f for f in root.rglob("*") if f.is_file()]
    return sorted(f for f in files if f.is_file() and (not suffixes or f.suffix in suffixes))


def python(root: Path, under: str = PACKAGE) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file below a folder, parsed."""
    for file in tracked(root, ".py"):
        if file.is_relative_to(root / under):
            yield file, ast.parse(file.read_text())


def _at(root: Path, file: Path, line: int = 0) -> str:
    return f"{file.relative_to(root)}:{line}" if line else str(file.relative_to(root))


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def _code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body; a docstring is not counted."""
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None and len(node.body) > 1 else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1


def long_functions(root: Path, limit: int = FUNCTION_LIMIT) -> list[str]:
    """Functions whose body passes the limit."""
    return [
        f"{_at(root, file, n.lineno)} {n.name}: {_code_lines(n)} lines"
        for file, tree in python(root)
        for n in _functions(tree)
        if _code_lines(n) > limit
    ]


def long_files(root: Path, limit: int = FILE_LIMIT) -> list[str]:
    """Python files of the library that pass the limit."""
    counts = ((f, len(f.read_text().splitlines())) for f, _ in python(root))
    return [f"{_at(root, f)}: {n} lines" for f, n in counts if n > limit]


def long_dags(root: Path) -> list[str]:
    """DAG files of 60 lines or more."""
    counts = ((f, len(f.read_text().splitlines())) for f in tracked(root, ".py") if f.parent == root / "dags")
    return [f"{_at(root, f)}: {n} lines" for f, n in counts if n >= DAG_LIMIT]


def without_docstring(root: Path) -> list[str]:
    """Public functions and classes of the library's modules that say nothing of themselves."""
    found = []
    for file, tree in python(root):
        for n in tree.body:
            named = isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
            if named and not n.name.startswith("_") and not ast.get_docstring(n):
                found.append(f"{_at(root, file, n.lineno)} {n.name}")
    return found


def prints(root: Path) -> list[str]:
    """Calls of `print`, and of a logger with a whole row, outside the command line."""
    return [
        _at(root, file, n.lineno)
        for file, tree in python(root)
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in ("print", "pprint")
    ]


def _docstrings(tree: ast.AST) -> set[int]:
    """Ids of the constants that are docstrings or bare strings."""
    return {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}


def strings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every string constant that is not a docstring, with its line."""
    bare = _docstrings(tree)
    for n in ast.walk(tree):
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in bare:
            yield n.value, n.lineno


def names_of_feeds_and_partners(root: Path, names: set[str], exempt: Iterable[str] = ()) -> list[str]:
    """String constants of the library, outside the example county, that are a feed's or a partner's name."""
    return [
        f"{_at(root, file, line)} {text!r}"
        for file, tree in python(root)
        if not file.is_relative_to(root / PACKAGE / "county") and str(file.relative_to(root)) not in exempt
        for text, line in strings(tree)
        if text in names
    ]


def thresholds(root: Path, values: set[float], rooms: Iterable[str], exempt: Iterable[str] = ()) -> list[str]:
    """Numbers in these rooms that are a plan's own: a fee, a share, weeks. `exempt`: `file number`."""
    return [
        f"{_at(root, file, n.lineno)} {n.value}"
        for room in rooms
        for file, tree in python(root, f"{PACKAGE}/{room}")
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and type(n.value) in (int, float) and float(n.value) in values
        and f"{_at(root, file)} {n.value}" not in exempt
    ]  # fmt: skip


def sql_thresholds(root: Path, values: set[float], folder: str, exempt: Iterable[str] = ()) -> list[str]:
    """The same in the statements of a folder of `sql`."""
    found = []
    for file in sql_files(root):
        if not file.is_relative_to(root / "sql" / folder):
            continue
        for number in re.findall(r"(?<![\w.$])\d+(?:\.\d+)?(?![\w.])", plain_sql(file.read_text())):
            if float(number) in values and f"{_at(root, file)} {number}" not in exempt:
                found.append(f"{_at(root, file)} {number}")
    return found


def plan_numbers(plan: Path) -> set[float]:
    """The numbers of a plan that nothing but the plan has a reason to hold (small counts are everywhere)."""
    text = yaml.safe_load(plan.read_text())
    found: set[float] = set()

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                if key not in ("examples", "example_family"):
                    walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.add(float(value))

    walk(text)
    return {n for n in found if (n > 12 or not n.is_integer()) and n not in (0.5, 100)}  # a half and a hundred too


def plain_sql(text: str) -> str:
    """A statement without its comments, strings and dollar-quoted bodies."""
    text = re.sub(r"--[^\n]*", "", text)
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\$(\w*)\$.*?\$\1\$", "''", text, flags=re.S)
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def sql_files(root: Path) -> list[Path]:
    """Every statement of ours; migrations are several statements by nature."""
    return [f for f in tracked(root, ".sql") if f.is_relative_to(root / "sql") and f.parent.name != "migrations"]


def several_statements(root: Path) -> list[str]:
    """SQL files with more than one statement, or none."""
    found = []
    for file in sql_files(root):
        parts = [p for p in plain_sql(file.read_text()).split(";") if p.strip()]
        if len(parts) != 1:
            found.append(f"{_at(root, file)}: {len(parts)} statements")
    return found


def without_header(root: Path) -> list[str]:
    """SQL files whose opening comment does not give what, grain, reads and key."""
    found = []
    for file in sql_files(root):
        head = "\n".join(line for line in file.read_text().splitlines() if line.startswith("--")).lower()
        missing = [w for w in SQL_HEADER if not re.search(rf"\b{w}:", head)]
        if missing:
            found.append(f"{_at(root, file)}: {', '.join(missing)}")
    return found


def migration_without_comment(root: Path) -> list[str]:
    """Migrations that do not open by saying why."""
    return [_at(root, f) for f in tracked(root, ".sql") if f.parent.name == "migrations"
            and not f.read_text().startswith("-- ")]  # fmt: skip


def unused_sql(root: Path) -> list[str]:
    """SQL files that no Python or DAG names by path or stem (some folders are run whole)."""
    code = "\n".join(f.read_text() for f in tracked(root, ".py") if not f.is_relative_to(root / "tests"))

    def named(stem: str) -> bool:
        """By its whole stem, or, of `membership__close`, by each half."""
        return bool(re.search(rf"\b{re.escape(stem)}\b", code)) or (
            "__" in stem and all(re.search(rf"(\b|_){re.escape(half)}(\b|_)", code) for half in stem.split("__"))
        )

    return [
        _at(root, f) for f in sql_files(root) if f.relative_to(root).parts[1] not in RUN_BY_FOLDER and not named(f.stem)
    ]


def without_readme(root: Path) -> list[str]:
    """Folders of the tree, and rooms one level down, that hold files and have no README.md."""
    files = tracked(root)
    deep = ("tests", PACKAGE, "sql")
    folders = {f.relative_to(root).parts[0] for f in files if len(f.relative_to(root).parts) > 1}
    folders |= {"/".join(f.relative_to(root).parts[:2]) for f in files
                if len(f.relative_to(root).parts) > 2 and f.relative_to(root).parts[0] in deep}  # fmt: skip
    return sorted(d for d in folders if not d.startswith(".") and not (root / d / "README.md").exists())


def long_readmes(root: Path) -> list[str]:
    """Folder READMEs of more than forty lines; the project's own has more to say."""
    return [
        f"{_at(root, f)}: {len(f.read_text().splitlines())} lines"
        for f in tracked(root, ".md")
        if f.name == "README.md" and f.parent != root and len(f.read_text().splitlines()) > README_LIMIT
    ]


_REGISTRIES = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "anaconda" + ".org",
    "crates" + ".io",
)
_MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|home|root|Users|tmp|mnt)/[\w.-]+")


def _texts(root: Path) -> Iterator[tuple[Path, int, str]]:
    for file in tracked(root):
        if file.suffix in (".lock", ".png", ".gz", ".gpg", ".parquet") or file.name == "LICENSE":
            continue
        try:
            lines = file.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        yield from ((file, n, line) for n, line in enumerate(lines, 1))


def registry_hosts(root: Path) -> list[str]:
    """Places that name a package registry's host: the project installs from wherever it is told to."""
    return [_at(root, f, n) for f, n, line in _texts(root) if any(h in line for h in _REGISTRIES)]


def machine_paths(root: Path) -> list[str]:
    """Absolute paths of somebody's machine."""
    return [f"{_at(root, f, n)} {m[0]}" for f, n, line in _texts(root) if (m := _MACHINE.search(line))]


def commands_shown(markdown: str) -> list[str]:
    """The lines of a Markdown text's shell blocks, without prompts and comments."""
    found = []
    for block in re.findall(r"```(?:bash|sh|console)\n(.*?)```", markdown, flags=re.S):
        for line in block.splitlines():
            line = line.removeprefix("$ ").split("  #")[0].strip()
            if line and not line.startswith("#"):
                found.append(line)
    return found


def make_targets(makefile: str) -> set[str]:
    """The targets that a Makefile defines."""
    return set(re.findall(r"^([a-z][\w-]*):", makefile, flags=re.M))


def dependencies(pyproject: dict[str, object]) -> set[str]:
    """The names of every dependency declared, those for development too."""
    project = pyproject["project"]
    assert isinstance(project, dict)
    declared = [
        *project["dependencies"],
        *(d for ds in project["optional-dependencies"].values() for d in ds),
    ]
    return {re.split(r"[=<>~! \[;]", d)[0] for d in declared}
