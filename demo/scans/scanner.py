"""Paper and scanner: ink on paper, then skew, blur, noise and compression by profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.scans import ink
from demo.scans.fonts import DPI, MM
from demo.scans.typeset import A4, Sheet, Spot

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Profile:
    """
    A scanner and the state of the paper.

    `skew` largest angle in degrees; `blur` in pixels of 300 dpi; `noise` standard deviation in grey levels;
    `quality` of JPEG, 0 for one bit per pixel (fax); `paper` colour; `black` lightest grey of printed text.
    """

    dpi: int
    skew: float
    blur: float
    noise: float
    quality: int
    paper: tuple[int, int, int] = (251, 251, 249)
    black: int = 18
    is_worn: bool = False
    has_shadow: bool = False


PROFILES = {
    "good300": Profile(dpi=300, skew=0.4, blur=0.7, noise=4, quality=80),
    "typ200": Profile(dpi=200, skew=0.9, blur=0.9, noise=6, quality=65),
    "worn200": Profile(
        dpi=200,
        skew=1.1,
        blur=1.2,
        noise=10,
        quality=55,
        paper=(238, 227, 199),
        black=70,
        is_worn=True,
        has_shadow=True,
    ),
    "fax200": Profile(dpi=200, skew=0.8, blur=1.1, noise=13, quality=0),
    "skew300": Profile(dpi=300, skew=2, blur=0.8, noise=6, quality=65, has_shadow=True),
}
FAX_THRESHOLD = 158


@dataclass(frozen=True, slots=True)
class Stamps:
    """Ink that the paper itself does not print."""

    seal: str
    arrival: tuple[str, str, str] | None = None


def scan(sheet: Sheet, stamps: Stamps, profile: Profile, rng: random.Random) -> Image.Image:
    """Return one page as a scanner delivers it: RGB, or one bit for a fax."""
    dice = np.random.default_rng(rng.getrandbits(63))
    page = _on_paper(sheet, profile)
    _apply_ink(page, sheet, stamps, rng, dice)
    angle = rng.uniform(0.5, 1) * profile.skew * rng.choice([-1, 1])
    page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=profile.paper)
    if profile.is_worn:
        _punch(page)
    page = page.filter(ImageFilter.GaussianBlur(profile.blur))
    if profile.dpi != DPI:
        size = (round(A4[0] * profile.dpi / DPI), round(A4[1] * profile.dpi / DPI))
        page = page.resize(size, Image.Resampling.BOX)
    return _noisy(page, profile, dice)


def _on_paper(sheet: Sheet, profile: Profile) -> Image.Image:
    """Colour the white page; old paper shows the print less black and its back side faintly."""
    grey = sheet.image.point(lambda v: profile.black + v * (255 - profile.black) / 255)
    if profile.is_worn:
        back = sheet.image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(4))
        grey = ImageChops.multiply(grey, back.point(lambda v: 240 + v * 15 / 255))
    return ImageChops.multiply(grey.convert("RGB"), Image.new("RGB", A4, profile.paper))


def _apply_ink(page: Image.Image, sheet: Sheet, stamps: Stamps, rng: random.Random, dice: np.random.Generator) -> None:
    for spot in sheet.signatures:
        _press(page, ink.signature_mask(rng), spot, ink.BLUE, 0.92)
    if sheet.seal:
        seal = ink.patchy(ink.seal_mask(stamps.seal), dice)
        turned = seal.rotate(rng.uniform(-15, 15), resample=Image.Resampling.BICUBIC)
        _press(page, turned, sheet.seal, ink.RED, 0.85)
    for text, spot in sheet.marks:
        _press(page, ink.patchy(ink.mark_mask(text), dice, least=0.75), spot, ink.RED, 0.95)
    if stamps.arrival and sheet.arrival:
        stamp = ink.patchy(ink.arrival_mask(*stamps.arrival), dice, least=0.65)
        slanted = stamp.rotate(rng.uniform(-4, 4), resample=Image.Resampling.BICUBIC, expand=True)
        _press(page, slanted, sheet.arrival, ink.RED, 0.9)


def _press(page: Image.Image, mask: Image.Image, spot: Spot, colour: tuple[int, int, int], strength: float) -> None:
    """Lay ink over what is printed: it darkens only, so that black text stays legible below it."""
    corner = (round(spot.x - mask.width / 2), round(spot.y - mask.height / 2))
    under = page.crop((*corner, corner[0] + mask.width, corner[1] + mask.height))
    inked = ImageChops.darker(under, Image.new("RGB", mask.size, colour))
    page.paste(inked, corner, mask.point(lambda v: v * strength))


def _punch(page: Image.Image) -> None:
    """Show the two holes of a ring binder as the scanner's dark lid."""
    pen = ImageDraw.Draw(page)
    for share in (0.36, 0.64):
        x, y, r = 9 * MM, A4[1] * share, 3 * MM
        pen.ellipse([x - r, y - r, x + r, y + r], fill=(44, 42, 40))


def _noisy(page: Image.Image, profile: Profile, dice: np.random.Generator) -> Image.Image:
    """Add the sensor's noise (and the shadow of the spine) and, for a fax, cut to one bit."""
    pixels: NDArray[np.floating] = np.asarray(page, np.float32)
    if profile.has_shadow:
        across = np.linspace(0, 1, page.width, dtype=np.float32)[None, :, None]
        pixels = pixels * (1 - 0.32 * np.exp(-across * 10))
    pixels = pixels + dice.standard_normal((page.height, page.width, 1), dtype=np.float32) * profile.noise
    done = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if profile.quality:
        return done
    return done.convert("L").point(lambda v: 255 if v > FAX_THRESHOLD else 0).convert("1", dither=Image.Dither.NONE)
