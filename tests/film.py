"""Films for a fake camera: a printed code as a camera would see it, dim, blurred, turned, tiny, or two at once."""

from pathlib import Path

import numpy as np
import segno
from numpy.typing import NDArray

WIDTH, HEIGHT, FRAMES = 1280, 720, 4
Picture = NDArray[np.float64]


def printed(text: str, size: int) -> Picture:
    """A code of about `size` pixels on white, quiet zone included; 0 is black, 1 is white."""
    matrix = np.array([list(row) for row in segno.make(text, error="q").matrix_iter(border=4)], dtype=float)
    times = max(1, size // matrix.shape[0])
    picture: Picture = 1.0 - np.kron(matrix, np.ones((times, times)))
    return picture


def scene(*codes: tuple[Picture, tuple[int, int]], degrees: float = 0, blur: int = 0, light: float = 1.0) -> Picture:
    """The codes on a grey table, seen by a camera: turned about the middle, blurred, in little light with its noise."""
    table: Picture = np.full((HEIGHT, WIDTH), 0.45)
    for code, (top, left) in codes:
        table[top : top + code.shape[0], left : left + code.shape[1]] = code
    if degrees:
        turn = np.deg2rad(degrees)
        rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
        y, x = rows - HEIGHT / 2, columns - WIDTH / 2
        down = np.clip(np.rint(y * np.cos(turn) - x * np.sin(turn) + HEIGHT / 2), 0, HEIGHT - 1).astype(int)
        over = np.clip(np.rint(y * np.sin(turn) + x * np.cos(turn) + WIDTH / 2), 0, WIDTH - 1).astype(int)
        table = table[down, over]
    for _again in range(blur):
        table = (
            table + np.roll(table, 1, 0) + np.roll(table, -1, 0) + np.roll(table, 1, 1) + np.roll(table, -1, 1)
        ) / 5
    noise = np.random.default_rng(7).normal(0, 0.01, table.shape) if light < 1 else 0
    return np.clip(table * light + noise, 0, 1)


def write_film(path: Path, picture: Picture) -> Path:
    """A short Y4M film of one unmoving picture."""
    luma = (16 + picture * 219).astype(np.uint8).tobytes()
    grey = b"\x80" * (WIDTH // 2 * HEIGHT // 2 * 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + b"".join(b"FRAME\n" + luma + grey for _ in range(FRAMES)))
    return path
