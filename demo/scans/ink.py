"""Red and blue ink: seals, signatures, boxed marks and the arrival stamp, each as a mask (255 = full ink)."""

import math
import random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from demo.scans.fonts import MM, face

RED, BLUE = (206, 38, 52), (28, 48, 150)
SEAL_DIAMETER = 36 * MM
RING_CUT = 34
SMALLEST = 5


def seal_mask(text: str) -> Image.Image:
    """Draw the round seal of an organ: two rings, its name around, a star in the middle."""
    side = round(SEAL_DIAMETER * 1.1)
    centre = side / 2
    image = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(image)
    for radius, width in ((0.5, 9), (0.46, 3), (0.29, 4)):
        r = SEAL_DIAMETER * radius
        pen.ellipse([centre - r, centre - r, centre + r, centre + r], outline=255, width=width)
    _around(image, text, centre)
    pen.polygon(_star(centre), outline=255, width=5)
    return image


def _around(image: Image.Image, text: str, centre: float) -> None:
    """Set the letters of `text` and a closing star along the ring, from the lower left clockwise."""
    ring = f"{text} ★ " if len(text) > RING_CUT else f"{text}  ★  "
    ring = ring.replace("★", "*")
    points = min(10.0, 330 / len(ring))
    for at, letter in enumerate(ring):
        angle = 360 * at / len(ring) + 190
        glyph = Image.new("L", (72, 72), 0)
        ImageDraw.Draw(glyph).text((36, 36), letter, fill=255, font=face("Bold", points), anchor="mm")
        glyph = glyph.rotate(-angle, resample=Image.Resampling.BICUBIC)
        x = centre + SEAL_DIAMETER * 0.375 * math.sin(math.radians(angle))
        y = centre - SEAL_DIAMETER * 0.375 * math.cos(math.radians(angle))
        image.paste(255, (round(x - 36), round(y - 36)), glyph)


def _star(centre: float) -> list[tuple[float, float]]:
    corners = []
    for step in range(10):
        r = SEAL_DIAMETER * (0.17 if step % 2 == 0 else 0.07)
        angle = math.radians(36 * step)
        corners.append((centre + r * math.sin(angle), centre - r * math.cos(angle)))
    return corners


def patchy(mask: Image.Image, rng: np.random.Generator, *, least: float = 0.5) -> Image.Image:
    """Take ink away in clouds, as an unevenly pressed stamp leaves it."""
    clouds = rng.random((24, 24), dtype=np.float32) * (1 - least) + least
    small = Image.fromarray((clouds * 255).astype(np.uint8))
    return ImageChops.multiply(mask, small.resize(mask.size, Image.Resampling.BICUBIC))


def signature_mask(rng: random.Random) -> Image.Image:
    """Scribble a signature of about 55 by 25 mm: a rising wave with loops and a long last stroke."""
    size = (round(58 * MM), round(30 * MM))
    image = Image.new("L", size, 0)
    points = []
    loops, slant = rng.uniform(3, 7.5), rng.uniform(0.05, 0.3)
    phase, fade = rng.uniform(0.4, 1.8), rng.uniform(1.2, 2.8)
    tall, sway = rng.uniform(0.3, 0.42), rng.uniform(0.05, 0.1)
    for step in range(240):
        t = step / 240
        x = size[0] * (0.14 + 0.68 * t + sway * math.sin(loops * 2 * math.pi * t + phase))
        swing = tall * math.exp(-fade * t) * math.sin(loops * 2 * math.pi * t) * math.cos(phase * 2 * t)
        points.append((x, size[1] * (0.56 - slant * t + swing)))
    points += [(size[0] * 0.97, size[1] * 0.3), (size[0] * 0.35, size[1] * rng.uniform(0.72, 0.86))]
    ImageDraw.Draw(image).line(points, fill=255, width=rng.choice([6, 7, 8]), joint="curve")
    return image.filter(ImageFilter.GaussianBlur(1.2))


def mark_mask(text: str) -> Image.Image:
    """Draw a mark such as KHẨN in bold capitals within its box."""
    font = face("Bold", 14)
    box = font.getbbox(text)
    image = Image.new("L", (round(box[2] + 60), round(box[3] + 46)), 0)
    pen = ImageDraw.Draw(image)
    pen.rectangle([3, 3, image.width - 4, image.height - 4], outline=255, width=6)
    pen.text((30, 14), text, fill=255, font=font)
    return image


def arrival_mask(organ: str, number: str, day: str) -> Image.Image:
    """Draw the stamp ĐẾN of the receiving office: its name, arrival number and date."""
    size = (round(42 * MM), round(26 * MM))
    image = Image.new("L", size, 0)
    pen = ImageDraw.Draw(image)
    pen.rectangle([3, 3, size[0] - 4, size[1] - 4], outline=255, width=5)
    points = 7.5
    while points > SMALLEST and face("Bold", points).getlength(organ) > size[0] - 30:
        points -= 0.5
    pen.text((size[0] / 2, 4 * MM), organ, fill=255, font=face("Bold", points), anchor="mm")
    pen.text((size[0] / 2, 10 * MM), "ĐẾN", fill=255, font=face("Bold", 13), anchor="mm")
    pen.text((3 * MM, 14 * MM), f"Số: {number}", fill=255, font=face("Regular", 9))
    pen.text((3 * MM, 19 * MM), f"Ngày: {day}", fill=255, font=face("Regular", 9))
    return image
