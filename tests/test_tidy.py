"""The house rules that a machine can hold us to; each is tried on a planted violation, so that it can fail.

A rule here is a function from a project folder to its breaches, each one line: `path:line: what is wrong, what to do`.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tracked import REPO, project_files, text_of

Rule = Callable[[Path], tuple[str, ...]]

ROOMS = ("proof", "custody", "station")  # a room may import itself and the rooms before it
PURE_ROOMS = ("proof", "custody")
# fmt: off
PURE_STANDARD_LIBRARY = frozenset(
    {
        "__future__", "abc", "array", "ast", "base64", "binascii", "bisect", "calendar", "collections", "contextlib",
        "copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "graphlib",
        "hashlib", "heapq", "hmac", "html", "itertools", "json", "math", "numbers", "operator", "re",
        "statistics", "string", "struct", "textwrap", "tomllib", "types", "typing", "unicodedata", "zlib",
    }
)
# fmt: on
THIRD_PARTY_IN_PURE_ROOMS = {"proof": frozenset({"cryptography", "orjson"}), "custody": frozenset[str]()}
NUMBERS_FOR_TRACE_AND_ORIGIN = frozenset({"numpy", "scipy"})
IMPORT_NAMES = {"z3-solver": "z3", "psycopg-binary": "psycopg", "pyhanko": "pyhanko", "bagit": "bagit"}

WORLD_NAMES = frozenset({"open", "input", "print", "eval", "exec", "compile", "__import__", "breakpoint"})
WORLD_ATTRIBUTES = frozenset({"now", "utcnow", "today", "generate", "generate_private_key", "generate_key"})

EMPTY_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "service", "base"})

SQL = re.compile(
    r"""\b(?:SELECT\s[^"']*\bFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|PRAGMA\s+\w+
    |(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|VIEW|TRIGGER|UNIQUE|VIRTUAL)|BEGIN\s+(?:IMMEDIATE|EXCLUSIVE|DEFERRED))\b
    |^\s*(?:select\s+[\w*,.()\s]+\s+from\s+\w+\s*(?:$|where|order|join)|insert\s+into\s|delete\s+from\s
    |update\s+\w+\s+set\s|create\s+(?:table|index)\s)""",
    re.VERBOSE,
)

# The word that no screen says. Role titles and names of bodies and papers keep "safety"; CSS has a term of its own.
SAFE_WORD = re.compile(
    r"\b(?:un)?safe(?:ly|r|st|ness)?\b|\b(?:in)?segur[oa]s?\b|\bsicher(?:e[mnrs]?|heit)?\b|\bsicur[oaie]\b|\bsafety\b",
    re.IGNORECASE,
)
SAFETY_TITLES = re.compile(
    r"\b(?:industry-wide\s+labor-management\s+safety|(?:occupational\s+)?health\s+(?:and|&)\s+safety|safety[\s_-]+"
    r"(?:act|advisers?|advisors?|authority|bulletins?|bureau|code|committee|coordinators?|council|executive|guidance|"
    r"guidelines?|law|meetings?|officers?|orders?|regulations?|representatives?|supervisors?))\b",
    re.IGNORECASE,
)
CSS_TERMS = re.compile(
    r"'wasm-unsafe-eval'|'unsafe-inline'|\bsafe-area-inset-\w+|\b(?:safe|unsafe)\s+(?:center|start|end)\b"
)
SCREEN_SUFFIXES = frozenset({".html", ".js", ".css", ".json", ".toml", ".txt", ".svg", ".webmanifest"})

# Spelt in pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.:-])/(?:wor[k]|roo[t]|home/\w+|Users/\w+|opt/whee[l]s|opt/pyp[i])\b")
REGISTRY_HOSTS = re.compile(
    r"\b(?:"
    + "|".join(
        r"\.".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "(?:org|com)"),
            ("yarnpkg", "com"),
            ("deb", "debian", "org"),
            ("archive", "ubuntu", "com"),
            ("crates", "io"),
            ("proxy", "golang", "org"),
            ("unpkg", "com"),
            ("jsdelivr", "net"),
        )
    )
    + r")\b"
)


# ---- reading the tree ----


def sources(root: Path) -> Iterator[tuple[Path, tuple[str, ...], ast.Module]]:
    """Every Python source of the three rooms: path, its parts below `src/coldcheck`, and its syntax tree."""
    package = root / "src" / "coldcheck"
    for path in project_files(root):
        if path.suffix == ".py" and package in path.parents:
            yield path, path.relative_to(package).parts, ast.parse(path.read_text(), filename=str(path))


def at(root: Path, path: Path, line: int, words: str) -> str:
    return f"{path.relative_to(root)}:{line}: {words}"


def imports(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Every import anywhere in the file: line, level (0 is absolute), and the dotted name as far as it is known."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, 0, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield from ((node.lineno, level, f"{module or ''}.{alias.name}".strip(".")) for alias in names)
            case _:
                pass


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string in the file, the fixed parts of f-strings among them, that is not a docstring."""
    docstrings = {id(node) for node in docstring_nodes(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def docstring_nodes(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body[:1]:
                case [ast.Expr(value=ast.Constant(value=str()) as text)]:
                    yield text
                case _:
                    pass


def required(root: Path, name: str) -> frozenset[str]:
    """The import names of the third-party parts listed in `requirements/<name>.in`."""
    lines = (root / "requirements" / f"{name}.in").read_text().splitlines()
    parts = (re.split(r"[=<>!~\[; ]", line)[0].lower() for line in lines if line and line[0].isalpha())
    return frozenset(IMPORT_NAMES.get(part, part.replace("-", "_")) for part in parts)


def standard(name: str) -> bool:
    return name in sys.stdlib_module_names


# ---- the rules ----


def imports_that_go_up(root: Path) -> tuple[str, ...]:
    """A room imports itself and the rooms below it, and always by its full name."""
    breaches = []
    for path, parts, tree in sources(root):
        room = parts[0].removesuffix(".py")
        for line, level, name in imports(tree):
            top, _, below = name.partition(".")
            other = below.split(".")[0]
            if level:
                breaches.append(at(root, path, line, "relative import; write the full name"))
            elif top == "coldcheck" and other in ROOMS and not may_import(room, other):
                breaches.append(at(root, path, line, f"{room} imports {other}; imports go station->custody->proof"))
    return tuple(breaches)


def may_import(room: str, other: str) -> bool:
    return room in ROOMS and ROOMS.index(other) <= ROOMS.index(room)


def impure_imports(root: Path) -> tuple[str, ...]:
    """The pure rooms import only what can reach no clock, disk, network or randomness."""
    breaches = []
    for path, parts, tree in sources(root):
        if parts[0] not in PURE_ROOMS:
            continue
        allowed = PURE_STANDARD_LIBRARY | THIRD_PARTY_IN_PURE_ROOMS[parts[0]] | {"coldcheck"}
        if parts[0] == "custody" and any(part.startswith(("trace", "origin")) for part in parts[1:]):
            allowed |= NUMBERS_FOR_TRACE_AND_ORIGIN
        for line, level, name in imports(tree):
            if not level and name.split(".")[0] not in allowed:
                breaches.append(at(root, path, line, f"{parts[0]} imports {name}; let station pass in what it gives"))
    return tuple(breaches)


def world_calls(root: Path) -> tuple[str, ...]:
    """The pure rooms call nothing that reads a clock, a disk or chance, or that runs text as code."""
    breaches = []
    for path, parts, tree in sources(root):
        if parts[0] not in PURE_ROOMS:
            continue
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in WORLD_NAMES:
                    breaches.append(at(root, path, node.lineno, f"{name}() in a pure room; pass its answer in"))
                case ast.Call(func=ast.Attribute(attr=name)) if name in WORLD_ATTRIBUTES:
                    breaches.append(at(root, path, node.lineno, f".{name}() in a pure room; pass its answer in"))
                case _:
                    pass
    return tuple(breaches)


def unlisted_parts(root: Path) -> tuple[str, ...]:
    """Third-party imports are in run.in, so that `make run` has them; the laboratory may lean on dev.in, packs on pack.in, studios on studio.in."""
    run = required(root, "run")
    more = {"lab": required(root, "dev"), "pack": required(root, "pack"), "studio": required(root, "studio")}
    breaches = []
    for path, parts, tree in sources(root):
        listed = run | more.get(parts[1], set()) if parts[0] == "station" and len(parts) > 1 else run
        for line, level, name in imports(tree):
            top = name.split(".")[0]
            if not level and top != "coldcheck" and not standard(top) and top not in listed:
                breaches.append(at(root, path, line, f"{top} is not in requirements/run.in; list it there or drop it"))
    return tuple(breaches)


def stray_sql(root: Path) -> tuple[str, ...]:
    """SQL stands in `station/**/store_*.py`, in `sql/` folders, and in the laboratory's `bench*` for the peers."""
    breaches = []
    for path, parts, tree in sources(root):
        if parts[0] == "station" and parts[-1].startswith("store_"):
            continue
        if parts[:2] == ("station", "lab") and any(part.startswith("bench") for part in parts[2:]):
            continue
        breaches += [
            at(root, path, line, "SQL outside station/store_*.py") for line, text in strings(tree) if SQL.search(text)
        ]
    files = (path for path in project_files(root) if path.suffix == ".sql" and path.parent.name != "sql")
    breaches += [at(root, path, 1, "SQL file outside a sql/ folder") for path in files]
    return tuple(breaches)


def says_safe(text: str) -> bool:
    """Whether the text says the word of a gun or a person, rather than in a title or a name."""
    rest = text
    for names_it in (SAFETY_TITLES, CSS_TERMS):
        rest = names_it.sub(" ", rest)
    return SAFE_WORD.search(rest) is not None


def the_word_safe(root: Path) -> tuple[str, ...]:
    """Nothing that can reach a screen, a label or a radio calls anything safe, in any of our languages."""
    breaches = []
    for path, parts, tree in sources(root):
        on_screen = list(strings(tree))
        if parts[0] == "station" and parts[-1].startswith("cli"):  # there the docstrings are the help texts
            on_screen += [(node.lineno, str(node.value)) for node in docstring_nodes(tree)]
        breaches += [
            at(root, path, line, "says the word; say what the record shows")
            for line, text in on_screen
            if says_safe(text)
        ]
    for path in project_files(root):
        inside = path.relative_to(root).parts
        if path.suffix in SCREEN_SUFFIXES and inside[:1] in {("src",), ("demo",)} and "vendor" not in inside:
            lines = enumerate((text_of(path) or "").splitlines(), start=1)
            breaches += [
                at(root, path, n, "says the word; say what the record shows") for n, line in lines if says_safe(line)
            ]
    return tuple(breaches)


def empty_names(root: Path) -> tuple[str, ...]:
    """A file or folder is named after what is in it."""
    named = ((path, part) for path in project_files(root) for part in path.relative_to(root).parts)
    return tuple(
        sorted(
            {
                at(root, path, 1, f"{part} names a pattern, not what is inside")
                for path, part in named
                if Path(part).stem in EMPTY_NAMES
            }
        )
    )


def changeable_tables(root: Path) -> tuple[str, ...]:
    """A table at module level in a pure room is a tuple, a frozenset or a MappingProxyType."""
    breaches = []
    for path, parts, tree in sources(root):
        if parts[0] not in PURE_ROOMS:
            continue
        tables = (node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign) and changeable(node.value))
        words = "a table that can be changed; use tuple or MappingProxyType"
        breaches += [at(root, path, node.lineno, words) for node in tables]
    return tuple(breaches)


def changeable(value: ast.expr | None) -> bool:
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id="list" | "dict" | "set" | "defaultdict" | "Counter" | "deque" | "bytearray")):
            return True
        case _:
            return False


def machine_traces(root: Path) -> tuple[str, ...]:
    """No file knows a path of the machine it was written on, nor a host that packages come from."""
    breaches = []
    for path in project_files(root):
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            if MACHINE_PATHS.search(line):
                breaches.append(at(root, path, number, "a path of one machine"))
            if REGISTRY_HOSTS.search(line):
                breaches.append(at(root, path, number, "a package registry's host"))
    return tuple(breaches)


RULES: tuple[Rule, ...] = (
    imports_that_go_up,
    impure_imports,
    world_calls,
    unlisted_parts,
    stray_sql,
    the_word_safe,
    empty_names,
    changeable_tables,
    machine_traces,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule: Rule) -> None:
    assert not rule(REPO), "\n" + "\n".join(rule(REPO))


def test_the_rules_see_the_rooms() -> None:
    seen = {parts[0] for _, parts, _ in sources(REPO)}
    assert seen >= set(ROOMS)


def test_both_lists_of_parts_can_be_read() -> None:
    assert "cryptography" in required(REPO, "run")
    assert "z3" in required(REPO, "dev")


def test_the_build_pin_is_the_hashed_one() -> None:
    pinned = tomllib.loads((REPO / "pyproject.toml").read_text())["build-system"]["requires"]
    assert [
        line for line in (REPO / "requirements/build.txt").read_text().splitlines() if line.startswith(f"{pinned[0]} ")
    ]


# ---- each rule can fail ----


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/run.in").write_text("click\norjson\n")
    (tmp_path / "requirements/dev.in").write_text("-c run.txt\nz3-solver==1.0\n")
    (tmp_path / "requirements/pack.in").write_text("-c run.txt\npyhanko==1.0\n")
    (tmp_path / "requirements/studio.in").write_text("-c run.txt\npsycopg[binary]\n")
    return tmp_path


def plant(tree: Path, name: str, text: str) -> Path:
    path = tree / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


PLANTED: tuple[tuple[Rule, str, str], ...] = (
    (imports_that_go_up, "proof/a.py", "from coldcheck.custody import acts"),
    (imports_that_go_up, "proof/a.py", "from coldcheck import station"),
    (imports_that_go_up, "custody/a.py", "def f():\n    import coldcheck.station.record"),
    (imports_that_go_up, "custody/deep/a.py", "if TYPE_CHECKING:\n    from coldcheck.station.store import Store"),
    (imports_that_go_up, "station/a.py", "from . import record"),
    (imports_that_go_up, "station/web/a.py", "from ..record import record"),
    (imports_that_go_up, "words.py", "from coldcheck.proof import errors"),
    (impure_imports, "proof/a.py", "import os.path"),
    (impure_imports, "proof/a.py", "from pathlib import Path"),
    (impure_imports, "proof/a.py", "import numpy"),
    (impure_imports, "custody/a.py", "import secrets"),
    (impure_imports, "custody/a.py", "from time import monotonic"),
    (impure_imports, "custody/a.py", "import sqlite3"),
    (impure_imports, "custody/a.py", "import orjson"),
    (impure_imports, "custody/acts.py", "import numpy as np"),
    (world_calls, "custody/a.py", "at = datetime.now(tz=UTC)"),
    (world_calls, "custody/a.py", "on = datetime.date.today()"),
    (world_calls, "proof/a.py", "key = Ed25519PrivateKey.generate()"),
    (world_calls, "proof/a.py", "text = open('x').read()"),
    (world_calls, "custody/kernel.py", "eval(row)"),
    (unlisted_parts, "station/a.py", "import requests"),
    (unlisted_parts, "station/a.py", "import z3"),
    (unlisted_parts, "station/a.py", "import pyhanko"),
    (unlisted_parts, "station/a.py", "import psycopg"),
    (unlisted_parts, "custody/trace.py", "import numpy"),
    (stray_sql, "station/record.py", 'q = "SELECT size FROM entries"'),
    (stray_sql, "station/web/pages.py", 'q = f"DELETE FROM {table} WHERE id = 1"'),
    (stray_sql, "custody/a.py", 'q = "select * from entries"'),
    (stray_sql, "station/schema/0001.sql", "CREATE TABLE a (b)"),
    (the_word_safe, "station/a.py", 'words = "This gun is safe."'),
    (the_word_safe, "station/a.py", 'words = f"{gun}: Unsafe"'),
    (the_word_safe, "station/cli.py", 'def main():\n    """Say whether a gun is safe."""'),
    (the_word_safe, "station/web/templates/gun.html", "<p>Handle safely</p>"),
    (the_word_safe, "station/web/templates/arma.html", "<p>El arma es SEGURA</p>"),
    (the_word_safe, "station/web/static/board.js", "show('Die Waffe ist sicher')"),
    (the_word_safe, "station/web/static/gun.js", 'show("safe")'),
    (the_word_safe, "custody/rulebook/house.toml", 'refusal = "The safety of the crew is not proven"'),
    (empty_names, "station/utils.py", ""),
    (empty_names, "custody/common/a.py", ""),
    (empty_names, "station/web/templates/base.html", ""),
    (changeable_tables, "custody/a.py", "KINDS = ['live', 'blank']"),
    (changeable_tables, "custody/a.py", "KINDS: dict[str, int] = {}"),
    (changeable_tables, "proof/a.py", "seen = set()"),
    (machine_traces, "station/a.py", 'HERE = "/' + 'work/main"'),
    (machine_traces, "station/a.py", 'HERE = "/' + 'home/someone/x"'),
    (machine_traces, "station/a.toml", 'from = "https://' + "pypi" + '.org/simple"'),
)


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_breach_is_found(tree: Path, rule: Rule, name: str, text: str) -> None:
    path = plant(tree, f"src/coldcheck/{name}", text)
    found = rule(tree)
    assert found
    assert all(line.startswith(f"{path.relative_to(tree)}:") for line in found)


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


KEPT: tuple[tuple[str, str], ...] = (
    ("proof/a.py", "import hashlib\nimport orjson\nfrom coldcheck.proof import errors\nKINDS = ('live',)"),
    ("custody/a.py", "from datetime import datetime\nfrom coldcheck.proof.encoding import encode"),
    ("station/a.py", "import os, time, click\nfrom coldcheck.custody import acts\nprint(open('x'))"),
    ("station/lab/explore.py", "import z3"),
    ("station/lab/bench_trace.py", 'PEER = "SELECT 1 FROM moves"'),
    ("station/store_sqlite.py", 'q = "INSERT INTO entries VALUES (?)"'),
    ("station/sql/0001_ledger.sql", "CREATE TABLE a (b)"),
    ("station/b.py", 'words = "Select a gun from the board, then update the set."'),
    ("station/c.py", 'words = "Ask the safety advisor at the safety meeting; see Safety Bulletin 1."'),
    ("station/d.py", '"""We never write safe on a screen."""\nMAX = "isSafeInteger"'),
    ("station/web/static/set.css", "main { padding: env(safe-area-inset-top); }"),
    ("station/web/static/vendor/htmx.js", "// a safe default"),
    ("custody/rulebook/csatf.toml", 'source = "Industry-Wide Labor-Management Safety Committee, Safety Bulletin 2"'),
)


@pytest.mark.parametrize(("name", "text"), KEPT, ids=[name for name, _ in KEPT])
def test_what_is_allowed_is_left_alone(tree: Path, name: str, text: str) -> None:
    plant(tree, f"src/coldcheck/{name}", text)
    assert [line for rule in RULES for line in rule(tree)] == []


def test_numbers_are_let_into_trace_and_origin_only(tree: Path) -> None:
    plant(tree, "requirements/run.in", "numpy\n")
    plant(tree, "src/coldcheck/custody/trace.py", "import numpy")
    assert impure_imports(tree) == ()
    assert unlisted_parts(tree) == ()
