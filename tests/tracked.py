"""The project's own files, as the tests that read the whole project see them."""

import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
LEFT_OUT = frozenset({".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", "__pycache__"})


def project_files(root: Path) -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the project at `root`, in path order.

    In a git tree: what git tracks or would add. Elsewhere (an unpacked archive, a planted tree): every file there is,
    but for the folders that tools make.
    """
    if (root / ".git").exists():
        command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
        found = [root / name for name in names if name]
    else:
        found = [path for path in root.rglob("*") if not LEFT_OUT & set(path.relative_to(root).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def text_of(path: Path) -> str | None:
    """The file as text, or None when it is not text (a picture, a font, a database)."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
