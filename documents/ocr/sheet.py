"""
Photos of pages: the sheet is found on its desk and drawn as a scanner would have seen it (ocr.md 12, phone photos).

Whatever has no dark desk around a bright sheet with four straight sides is left alone, to the last byte; most pages are told
apart by a look at their rim. numpy and Pillow only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from documents.ocr.turns import placed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from documents.ocr.ink import Array
    from documents.ocr.model import Box, Crops, PageReading

    Points = NDArray[np.float64]  # corners or other points in rows of x and y
    Mask = NDArray[np.bool_]

SIDE = 240  # pixels of the longer side of the copy that is looked at
RIM, RIM_DARK, DARKER = (
    0.015,
    0.3,
    0.62,
)  # the rim's width, how much of it has to be dark, and below which share of paper
BRIGHT_PERCENTILE = 90
LEAST_AREA, MOST_AREA = 0.2, 0.97  # of the picture
LEAST_FILLED = 0.9  # of the four-sided figure that is paper, and of the paper that lies in it
RATIOS = (1.05, 1.9)  # of the sheet's longer side to its shorter one, seen aslant
A4 = (8.27, 11.69)  # inches
SHARP = 0.25  # of a step in brightness, as a logarithm
MOST_ENLARGED = 2.0
_STEPS = (0.75, 0.6, 0.9, 0.5, 0.4, 0.3)  # thresholds tried, as shares between the desk's and the paper's brightness
_LEAST_POINTS = 12
OFF_LINE = 1.5  # points of the small copy


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a sheet lies in a picture: its corners from the upper left one clockwise, as shares of the picture."""

    corners: tuple[tuple[float, float], ...]
    width: float  # inches
    height: float

    @property
    def enlarged(self) -> float:
        """How much larger the picture has to be drawn for the sheet to have its resolution."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        area = abs((x2 - x0) * (y3 - y1) - (x3 - x1) * (y2 - y0)) / 2
        return min(MOST_ENLARGED, float(max(0.01, area) ** -0.5))

    def inherent_dpi(self, shape: tuple[int, ...]) -> float:
        """The sheet's own resolution in a picture of this many rows and columns, along its better side."""
        points = np.array(self.corners) * np.array([shape[1], shape[0]])
        lengths = [float(np.hypot(*(points[at] - points[(at + 1) % 4]))) for at in range(4)]
        return max(max(lengths[0::2]) / self.width, max(lengths[1::2]) / self.height)


def find_sheet(page: Array) -> Sheet | None:
    """The sheet in a photo; None for anything else."""
    if not has_dark_rim(page):
        return None
    small = _small(page)
    for mask in _bright(small):
        corners = _corners(mask) if LEAST_AREA < mask.mean() < MOST_AREA else None
        if corners is not None:
            return _as_sheet(corners, page.shape)
    return None


def has_dark_rim(page: Array) -> bool:
    """Whether enough of the picture's edge is clearly darker than its paper; looks at every tenth row and column."""
    step = max(1, max(page.shape[:2]) // SIDE)
    few = page[::step, ::step]
    few = few.min(axis=2) if few.ndim > 2 else few  # noqa: PLR2004 - height, width, channels
    wide = max(1, round(min(few.shape) * RIM))
    rim = np.concatenate([few[:wide].ravel(), few[-wide:].ravel(), few[:, :wide].ravel(), few[:, -wide:].ravel()])
    paper = float(np.percentile(few, BRIGHT_PERCENTILE))
    return float((rim < paper * DARKER).mean()) > RIM_DARK


def _small(page: Array) -> NDArray[np.float64]:
    """A small copy in which paper is bright whatever the desk's colour, and letters are gone."""
    scale = max(1, max(page.shape[:2]) // SIDE)
    copy = np.asarray(Image.fromarray(page).reduce(scale))
    bright = copy.min(axis=2) if copy.ndim > 2 else copy  # noqa: PLR2004
    closed = _spread(_spread(bright, np.maximum), np.minimum)
    return closed.astype(np.float64)


def _spread(values: NDArray[Any], extreme: np.ufunc, reach: int = 3) -> NDArray[Any]:
    """The brightest, or darkest, of a square around each point."""
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if at == axis else (0, 0) for at in (0, 1)], mode="edge")
        length = values.shape[axis]
        values = extreme.reduce([np.take(padded, range(at, at + length), axis=axis) for at in range(2 * reach + 1)])
    return values


def _bright(small: NDArray[np.float64]) -> Iterator[Mask]:
    """
    What may be the sheet in the middle of the picture.

    First what no sharp step of brightness parts from the middle: a shadow's edge is soft, and that of paper is not. Then what
    is brighter than thresholds between desk and paper, for shadows with sharp edges.
    """
    level = np.log(small + 8)
    step = np.zeros_like(level)
    step[:, 1:-1] = np.abs(level[:, 2:] - level[:, :-2])
    step[1:-1] = np.maximum(step[1:-1], np.abs(level[2:] - level[:-2]))
    yield _grown(_whole(step < SHARP))
    rim = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    desk, paper = float(np.percentile(rim, 30)), float(np.percentile(small, BRIGHT_PERCENTILE))
    for share in _STEPS:
        yield _whole(small > desk + (paper - desk) * share)


def _grown(mask: Mask) -> Mask:
    """A step of brightness is as wide as two points on either side of it."""
    grown: Mask = _spread(mask, np.logical_or, 1)
    return grown


def _whole(mask: Mask) -> Mask:
    """The connected part of a mask that holds most of the picture's middle, holes filled."""
    height, width = mask.shape
    middle = np.zeros_like(mask)
    middle[height * 2 // 5 : height * 3 // 5, width * 2 // 5 : width * 3 // 5] = True
    part = _connected(middle & mask, mask)
    rim = np.ones_like(mask)
    rim[1:-1, 1:-1] = False
    whole: Mask = ~_connected(rim & ~part, ~part)
    return whole


def _connected(part: Mask, mask: Mask) -> Mask:
    """All of a mask that can be reached from a part of it."""
    before = -1
    while (now := int(part.sum())) != before:
        before = now
        part = _along_rows(part, mask)
        part = _along_rows(part.T, mask.T).T
    return part


def _along_rows(part: Mask, mask: Mask) -> Mask:
    """Fill the runs of a mask that hold a point of the part."""
    height, width = mask.shape
    inside = np.zeros((height, width + 1), bool)
    inside[:, :width] = mask
    runs = np.cumsum(~inside.ravel())
    held = np.bincount(runs, weights=np.pad(part, [(0, 0), (0, 1)]).ravel()) > 0
    filled: Mask = (held[runs] & inside.ravel()).reshape(height, width + 1)[:, :width]
    return filled


def _corners(mask: Mask) -> Points | None:
    """The four corners of a mask if four straight sides bound it, in its own pixels, from the upper left one clockwise."""
    sides = [_side(mask, axis, last=last) for axis, last in ((0, False), (1, True), (0, True), (1, False))]
    if any(side is None for side in sides):
        return None
    top, right, bottom, left = (side for side in sides if side is not None)
    corners = np.array([_crossing(*pair) for pair in ((top, left), (top, right), (bottom, right), (bottom, left))])
    if not np.isfinite(corners).all() or not _is_filled(mask, corners):
        return None
    lengths = [float(np.hypot(*(corners[at] - corners[(at + 1) % 4]))) for at in range(4)]
    across, down = (lengths[0] + lengths[2]) / 2, (lengths[1] + lengths[3]) / 2
    ratio = max(across, down) / max(1.0, min(across, down))
    return corners if RATIOS[0] <= ratio <= RATIOS[1] else None


def _side(mask: Mask, axis: int, *, last: bool) -> Points | None:
    """
    A line along one side of a mask: the outermost points of its rows or columns, without those that fit no line.

    :return: coefficients (a, b, c) of a x + b y = c
    """
    lines = mask if axis else mask.T  # seen along x for the left and right sides, along y for the others
    held = np.nonzero(lines.any(axis=1))[0]
    if len(held) < _LEAST_POINTS:
        return None
    first = lines[held].argmax(axis=1)
    if last:
        first = lines.shape[1] - 1 - lines[held][:, ::-1].argmax(axis=1)
    along, out = held.astype(np.float64), first.astype(np.float64)
    kept: Any = slice(
        len(held) // 4, len(held) - len(held) // 4
    )  # the sides beside it reach into its ends, if the sheet is turned
    for _ in range(4):
        slope, start = np.polyfit(along[kept], out[kept], 1)
        kept = np.abs(out - slope * along - start) <= OFF_LINE
        if kept.sum() < _LEAST_POINTS:
            return None
    edge = start + (0.5 if last else -0.5)
    return np.array([1.0, -slope, edge]) if axis else np.array([-slope, 1.0, edge])


def _crossing(first: Points, second: Points) -> Points:
    try:
        crossing: Points = np.linalg.solve(np.array([first[:2], second[:2]]), np.array([first[2], second[2]]))
    except np.linalg.LinAlgError:
        return np.array([np.nan, np.nan])
    return crossing


def _is_filled(mask: Mask, corners: Points) -> bool:
    """Whether figure and mask are the same, but for what lies on the sheet or sticks to it."""
    y, x = np.indices(mask.shape)
    inside = np.ones(mask.shape, bool)
    for at in range(4):
        (x0, y0), (x1, y1) = corners[at], corners[(at + 1) % 4]
        inside &= (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0
    both = float((inside & mask).sum())
    share = inside.mean()
    return LEAST_AREA < share < MOST_AREA and both > LEAST_FILLED * max(float(inside.sum()), float(mask.sum()))


def _as_sheet(corners: Points, shape: tuple[int, ...]) -> Sheet:
    height, width = shape[:2]
    scale = max(1, max(height, width) // SIDE)
    shares = (corners + 0.5) * scale / np.array([width, height])
    lengths = [float(np.hypot(*(corners[at] - corners[(at + 1) % 4]))) for at in range(4)]
    is_tall = lengths[1] + lengths[3] >= lengths[0] + lengths[2]
    across, down = A4 if is_tall else A4[::-1]
    return Sheet(tuple((float(x), float(y)) for x, y in shares), across, down)


def homography(sheet: Sheet) -> Points:
    """The matrix that brings shares of the sheet to shares of the picture."""
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    rows, right = [], []
    for (u, v), (x, y) in zip(square, sheet.corners, strict=True):
        rows += [[u, v, 1, 0, 0, 0, -u * x, -v * x], [0, 0, 0, u, v, 1, -u * y, -v * y]]
        right += [x, y]
    matrix: Points = np.append(np.linalg.solve(np.array(rows), np.array(right)), 1.0).reshape(3, 3)
    return matrix


def drawn_flat(picture: Array, sheet: Sheet, dpi: float, box: Box) -> Array:
    """A part of the sheet, given as shares of it, out of the whole picture."""
    x, y, w, h = box
    size = max(1, round(w * sheet.width * dpi)), max(1, round(h * sheet.height * dpi))
    height, width = picture.shape[:2]
    to_share = np.array([[w / size[0], 0, x], [0, h / size[1], y], [0, 0, 1]])
    matrix = np.diag([width, height, 1.0]) @ homography(sheet) @ to_share
    matrix = matrix / matrix[2, 2]
    paper = 255 if picture.ndim == 2 else (255, 255, 255)  # noqa: PLR2004
    flat = Image.fromarray(picture).transform(
        size, Image.Transform.PERSPECTIVE, tuple(matrix.ravel()[:8]), Image.Resampling.BICUBIC, fillcolor=paper
    )
    return np.asarray(flat)


def box_in_picture(box: Box, matrix: Points) -> Box:
    """A box of the sheet as the upright box around it in the picture."""
    x, y, w, h = box
    points = matrix @ np.array([[x, x + w, x + w, x], [y, y, y + h, y + h], [1, 1, 1, 1]])
    xs, ys = points[0] / points[2], points[1] / points[2]
    left, top = max(0.0, float(xs.min())), max(0.0, float(ys.min()))
    return left, top, min(1.0, float(xs.max())) - left, min(1.0, float(ys.max())) - top


def in_picture(reading: PageReading, crops: Crops, sheet: Sheet) -> tuple[PageReading, Crops]:
    """What was read on the sheet, with its places in the picture that people see."""
    matrix = homography(sheet)

    def moved(box: Box) -> Box:
        return box_in_picture(box, matrix)

    crops = replace(
        crops,
        signer_words=placed_by(crops.signer_words, moved),
        header=placed_by(crops.header, moved),
        written=tuple(moved(box) for box in crops.written),
    )
    return replace(reading, words=placed_by(reading.words, moved)), crops
