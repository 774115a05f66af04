"""A page photographed by hand: aslant on a desk, in uneven light, as telephones deliver it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray

    Corners = list[tuple[float, float]]

SIZE = (2448, 3264)  # eight megapixels
DESK = (112, 82, 58)
MARGIN = 0.06
QUALITY = 85


def photograph(page: Image.Image, corners: Corners, rng: random.Random, *, shadow: float = 0.5) -> Image.Image:
    """
    Photograph a scanned page.

    :param corners: where the page lies in the photo, as of `held_by_hand`
    :param shadow: 0 for even light, 1 for the darkest that a hand and a telephone throw
    """
    dice = np.random.default_rng(rng.getrandbits(63))
    desk = Image.effect_noise(SIZE, 30).convert("L").filter(ImageFilter.BoxBlur(3))
    ground = Image.merge("RGB", [desk.point(lambda v, c=colour: c + (v - 128) * 0.35) for colour in DESK])
    matrix = _to_page(corners, page.size)
    seen = page.convert("RGB").transform(SIZE, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC)
    where = Image.new("L", page.size, 255).transform(
        SIZE, Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC
    )
    ground.paste(seen, (0, 0), where)
    lit = np.asarray(ground.filter(ImageFilter.GaussianBlur(0.6)), np.float32) * _light(rng, shadow)[..., None]
    lit += dice.standard_normal((SIZE[1], SIZE[0], 1), dtype=np.float32) * 4
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def as_file(photo: Image.Image, kind: str = "JPEG") -> bytes:
    """The photo as a telephone keeps it."""
    out = io.BytesIO()
    photo.save(out, kind, quality=QUALITY)
    return out.getvalue()


def held_by_hand(rng: random.Random, *, slant: float = 0.5) -> Corners:
    """
    A page's corners in a photo, in pixels from the upper left one clockwise: seen from its foot it is narrower at its head.

    :param slant: 0 for a camera straight above, 1 for one held as badly as people do
    """
    width, height = SIZE
    turn = np.radians(rng.uniform(0.5, 1) * 7 * slant * rng.choice([-1, 1]))
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        far = 1 - 0.22 * slant * (1 - y) / 2
        u = x * far * (1 - MARGIN * 2 - rng.uniform(0, 0.06) * slant)
        v = y * (1 - MARGIN * 2 - rng.uniform(0, 0.06) * slant) * height / width
        shrink = 1 - 0.16 * slant  # a turned page needs more room
        corners.append(
            (width / 2 * (1 + shrink * (cos * u - sin * v)), height / 2 + width / 2 * shrink * (sin * u + cos * v))
        )
    return corners


def _to_page(corners: Corners, size: tuple[int, int]) -> tuple[float, ...]:
    """Coefficients that bring a point of the photo to one of the page."""
    width, height = size
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -x * u, -y * u], [0, 0, 0, x, y, 1, -x * v, -y * v]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows, float), np.array(right, float)))


def _light(rng: random.Random, shadow: float) -> NDArray[np.float32]:
    """A lamp at one side, and the soft shadow of whoever holds the camera."""
    width, height = SIZE
    across = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    angle, edge = rng.uniform(-0.6, 0.6), rng.uniform(-0.3, 0.5)
    lamp = 1 - 0.25 * shadow * (1 + across * rng.choice([-1, 1])) / 2
    hand = 1 / (1 + np.exp(-(down + angle * across - edge) * rng.uniform(8, 30)))
    return np.asarray(lamp * (1 - 0.5 * shadow * hand), np.float32)
