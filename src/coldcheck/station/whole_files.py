"""Files that are written whole or not at all: under another name first, on the disk, and only then under their own."""

import os
from pathlib import Path
from typing import Final

UNFINISHED: Final = ".writing"


def put_file(path: Path, data: bytes) -> None:
    """Nothing; `path` holds `data`, and both are on the disk. Raises OSError; then `path` is as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + UNFINISHED)
    with unfinished.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Nothing; the names in `folder` are on the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
