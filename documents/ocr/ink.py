"""
Page images: three layers of ink, paper made even, lines made level (ocr.md 3 and 4). numpy and Pillow only.

Arrays are uint8: RGB (height, width, 3) or grey (height, width). Threshold values were measured, see ocr.md; neither
binarising nor scaling up whole pages helps, both were tried there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[np.uint8]
    Area = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels

_PAPER = 250  # grey level the paper of the layer without colours is brought to
_GRAIN = 0.944  # of the paper's brightness: lighter is white. The engine packs each line as a PNG, grain takes it long
CLIP = 162  # of an even page: what is lighter is no ink
_GREY_CLIP = 150  # of a page as it was scanned
BLACK_CLIP = 200  # in the layer without colours, what is lighter goes to white: a clip, not a threshold
_COLOUR, _COLOURLESS = 1.3, 15  # how much lighter colour makes a point, and up to where it is the scanner's own tinge
_LIFTED = np.clip((np.arange(256) - _COLOURLESS) * _COLOUR, 0, 255).astype(np.uint8)  # by each colour
SKEW_LIMIT = 4.0  # degrees searched either way
SKEW_IGNORED = 0.3  # a smaller slant is not worth a resampling
MM_PER_INCH = 25.4
_RED_MARGIN, _RED_FLOOR = 50, 90
_BLUE_MARGIN = 40
_PARTS, _ONE = 32, 64  # a column moves by 32nds of a row; weights are 64ths
_STRIP = 512  # rows handled at once: signed copies of a whole page would cost 150 MB
_CACHED = 32  # rows of a page that stay in the processor's cache
_COARSE = 4  # one ink point of so many tells half a degree from the next: of 168 pages none came out otherwise
_BITS = 16
# To divide by a paper's brightness is to multiply by its reciprocal, in whole numbers to the very same result.
_RECIPROCAL = ((255 << _BITS) // np.maximum(np.arange(256), 1) + 1).astype(np.uint32)


def _cubic(part: float) -> list[int]:
    """Weights of four rows for a place between the second and the third of them (a Catmull-Rom spline); they add up to one."""
    above = round(_ONE * (-(part**3) + 2 * part**2 - part) / 2)
    third = round(_ONE * (-3 * part**3 + 4 * part**2 + part) / 2)
    below = round(_ONE * (part**3 - part**2) / 2)
    return [above, _ONE - above - third - below, third, below]


_CUBIC = np.array([_cubic(part / _PARTS) for part in range(_PARTS)], np.int16)


def is_coloured(page: Array) -> bool:
    """Whether the page has colour channels at all."""
    return page.ndim == 3  # noqa: PLR2004 - height, width, channels


def red_channel(page: Array) -> Array:
    """The layer page text is read from: red ink turns light, black and blue stay dark."""
    return np.ascontiguousarray(page[..., 0]) if is_coloured(page) else page


def grey(page: Array) -> Array:
    """All ink alike."""
    return np.asarray(Image.fromarray(page).convert("L")) if is_coloured(page) else page


def without_colours(page: Array) -> Array:
    """
    Black ink alone, on white paper, whatever the paper's own tinge: for the signer's block under seal and pen.

    Seen against its paper a point of coloured ink is lightened by its colour, that of its neighbours among it, because
    scanners keep colour more coarsely than light. A clip alone leaves dark pens, and all pens on worn paper: of 24 names
    14 were read letter by letter that way, 22 are now.
    """
    if not is_coloured(page):
        return np.where(page > _GREY_CLIP, np.uint8(255), page)
    picture = Image.fromarray(page).point(_to_white_paper(page))
    lightest, colour = _lightest_and_colour(np.asarray(picture))
    _light, around = _lightest_and_colour(np.asarray(picture.filter(ImageFilter.BoxBlur(1))))
    lift = _LIFTED[np.maximum(colour, around)]
    value = lightest + np.minimum(lift, np.uint8(255) - lightest)
    return np.where(value > BLACK_CLIP, np.uint8(255), value)


def _lightest_and_colour(page: Array) -> tuple[Array, Array]:
    """The brightest channel of each point, and how far its channels lie apart."""
    red, green, blue = _channels(page)
    lightest = np.maximum(np.maximum(red, green), blue)
    return lightest, lightest - np.minimum(np.minimum(red, green), blue)


def _to_white_paper(page: Array) -> list[int]:
    """For each of the three channels what its values become when the paper turns white."""
    paper = np.maximum(np.percentile(page[::3, ::3].reshape(-1, 3), 80, axis=0), 1)
    return [min(255, int(value * _PAPER / of)) for of in paper for value in range(256)]


def red_ink(page: Array) -> NDArray[np.bool_]:
    """Where ink is clearly redder than it is green or blue."""
    return _mask(page, 0, _RED_MARGIN, _RED_FLOOR)


def blue_ink(page: Array) -> NDArray[np.bool_]:
    """Where ink is that of a blue pen."""
    return _mask(page, 2, _BLUE_MARGIN, 0)


def _mask(page: Array, channel: int, margin: int, floor: int) -> NDArray[np.bool_]:
    """In bytes and channel by channel: signed copies of a page, and maxima across its points, cost more than twice as much."""
    mask = np.zeros(page.shape[:2], bool)
    if not is_coloured(page):
        return mask
    for top in range(0, page.shape[0], _STRIP):
        red, green, blue = _channels(page[top : top + _STRIP])
        own, rest = (blue, red) if channel == 2 else (red, np.maximum(green, blue))  # noqa: PLR2004 - blue
        # What is not above the margin falls below zero and comes round again from above: the first test keeps it out.
        mask[top : top + _STRIP] = (own > max(floor, margin)) & (own - np.uint8(margin) > rest)
    return mask


def _channels(page: Array) -> tuple[Array, Array, Array]:
    red, green, blue = (np.ascontiguousarray(page[..., channel]) for channel in range(3))
    return red, green, blue


def areas(mask: NDArray[np.bool_], dpi: float, *, share: float = 0.03) -> Iterator[tuple[Area, int]]:
    """
    Group the ink of a mask into boxes, with the number of 2-mm cells that hold ink.

    Cells touching at a side or corner belong together, so the letters of a mark and its frame are one area.
    """
    cell = max(1, round(dpi / MM_PER_INCH * 2))
    rows, columns = mask.shape[0] // cell, mask.shape[1] // cell
    grid = mask[: rows * cell, : columns * cell].reshape(rows, cell, columns, cell).mean(axis=(1, 3)) > share
    left = {(int(y), int(x)) for y, x in zip(*np.nonzero(grid), strict=True)}
    while left:
        todo, ys, xs = [left.pop()], [], []
        while todo:
            y, x = todo.pop()
            ys.append(y)
            xs.append(x)
            near = {(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & left
            left -= near
            todo += near
        yield (min(xs) * cell, min(ys) * cell, (max(xs) + 1) * cell, (max(ys) + 1) * cell), len(ys)


def flatten(page: Array) -> Array:
    """Divide by the paper's own brightness: shadow, yellowing, bleed-through and grain go."""
    paper, flat = _paper(page), np.empty_like(page)
    for top in range(0, page.shape[0], _CACHED):
        rows = slice(top, top + _CACHED)
        part = np.take(_RECIPROCAL, paper[rows])
        part *= page[rows]
        part >>= _BITS
        flat[rows] = np.minimum(part, 255, out=part)
    return flat


def _paper(page: Array) -> Array:
    """How bright the paper is at each point, grain left out: strokes vanish under the brightest around them."""
    small = np.asarray(Image.fromarray(page).reduce(4))
    bright = _running_max(_running_max(small, 7, axis=0), 7, axis=1) * _GRAIN
    blurred = Image.fromarray(bright.astype(np.uint8)).filter(ImageFilter.BoxBlur(10))
    return np.asarray(blurred.resize((page.shape[1], page.shape[0]), Image.Resampling.BILINEAR))


def _running_max(values: Array, size: int, axis: int) -> Array:
    reach, length = size // 2, values.shape[axis]
    padded = np.pad(values, [(reach, reach) if i == axis else (0, 0) for i in (0, 1)], mode="edge")
    shifted = [padded[s : s + length] if axis == 0 else padded[:, s : s + length] for s in range(size)]
    highest: Array = np.max(shifted, axis=0)
    return highest


def skew(page: Array) -> float:
    """
    Degrees, counter-clockwise as `Image.rotate` takes them, by which to turn the page until its lines lie level.

    Ink points of a narrow copy fall onto the vertical axis along slanted lines; the slant whose rows differ most
    from each other is that of the text. Shearing points costs a third of turning images.
    """
    width, edge, offset = 700, 40, 60
    height = max(1, round(page.shape[0] * width / page.shape[1]))
    ink = 255 - np.asarray(Image.fromarray(page).resize((width, height), Image.Resampling.BOX))
    ink[:, :edge] = ink[:, -edge:] = 0  # scanner edges and punch holes
    y, x = np.nonzero(ink >= 25)  # noqa: PLR2004 - a tenth of full ink
    weight, across = ink[y, x].astype(np.float64), x - width / 2
    if not len(y):
        return 0.0

    def sharpness(degrees: float, every: int = 1) -> float:
        rows = (y[::every] - across[::every] * np.tan(np.radians(degrees)) + offset).astype(np.intp)
        profile = np.bincount(np.maximum(rows, 0), weight[::every], minlength=height + 2 * offset)
        return float((np.diff(profile) ** 2).sum())

    coarse = max(np.arange(-SKEW_LIMIT, SKEW_LIMIT + 0.01, 0.5), key=lambda degrees: sharpness(degrees, _COARSE))
    return float(max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=sharpness))


def level_lines(page: Array, degrees: float) -> Array:
    """
    Move each column up or down until lines that slant by so much lie level.

    Letters keep their slant, which the engine reads like that of any italic; to turn the page about its middle takes three times as
    long for the same words. Between rows cubic: linear costs a quarter of the words that levelling saves.
    """
    height, width = page.shape
    steps = np.rint(column_shifts(width, degrees) * _PARTS).astype(np.intp)
    whole, weights = steps // _PARTS, _CUBIC[steps % _PARTS]
    reach = int(np.abs(whole).max()) + 3
    columns = np.pad(np.ascontiguousarray(page.T), ((0, 0), (reach, reach)), constant_values=255)
    levelled = np.empty((width, height), np.uint8)
    ends = [*np.flatnonzero(np.diff(whole)) + 1, width]
    for first, end in zip([0, *ends], ends, strict=False):
        top = reach + whole[first] - 1
        alike = columns[first:end, top : top + height + 3].astype(np.int16)
        total = sum(alike[:, tap : tap + height] * weights[first:end, tap, None] for tap in range(4))
        levelled[first:end] = np.clip((total + _ONE // 2) // _ONE, 0, 255)
    return np.ascontiguousarray(levelled.T)


def column_shifts(width: int, degrees: float) -> NDArray[np.float64]:
    """How many rows below its place in the levelled page each column of the page stood."""
    shifts: NDArray[np.float64] = (np.arange(width) + 0.5 - width / 2) * np.tan(np.radians(degrees))
    return shifts


def even(page: Array) -> Array:
    """The layer page text is read from, on white paper."""
    return flatten(red_channel(page))


def level(page: Array) -> tuple[Array, float]:
    """An even page with its lines level, and the degrees by which they slanted, as `skew` tells them."""
    degrees = skew(page)
    if abs(degrees) <= SKEW_IGNORED:
        return page, 0.0
    return level_lines(page, degrees), degrees


def scaled(page: Array, factor: float) -> Array:
    """A crop made larger or smaller."""
    size = max(1, round(page.shape[1] * factor)), max(1, round(page.shape[0] * factor))
    return np.asarray(Image.fromarray(page).resize(size, Image.Resampling.BICUBIC))


def ink_share(page: Array) -> float:
    """Share of dark points on an evened page."""
    return float((page < CLIP).mean())
