"""A logo as it was uploaded becomes a small PNG of our own making: nothing but its pixels stays (X5).

What it is is told by its content, not by its name. SVG is a document that can carry scripts, and is refused. The size
in pixels is read from the header before anything is unpacked, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

BYTES_MAX = 1_000_000
PIXELS_MAX = 16_000_000
SIDE_MAX = 8000
WIDTH, HEIGHT = 480, 160  # three times what pages show
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# What Pillow raises over a file that lies: about its pixels, or in what a camera wrote beside them.
UNREADABLE = (
    *(UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError),
    *(struct.error, ArithmeticError, LookupError, TypeError),
)


class BadLogo(ValueError):
    """Params: `why`, one of too_large, not_an_image, too_many_pixels."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Logo:
    digest: str
    content: bytes
    width: int
    height: int


def read_logo(content: bytes) -> Logo:
    """Raises BadLogo."""
    if len(content) > BYTES_MAX:
        raise BadLogo("too_large")
    picture = _fitted(_pixels(content))
    packed = io.BytesIO()
    picture.save(packed, "PNG", optimize=True)
    done = packed.getvalue()
    return Logo(hashlib.sha256(done).hexdigest(), done, picture.width, picture.height)


def _pixels(content: bytes) -> Image.Image:
    """The first picture in the file, turned as its camera says, without anything that was written beside it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is refused below
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width > SIDE_MAX or opened.height > SIDE_MAX or opened.width * opened.height > PIXELS_MAX:
                    raise BadLogo("too_many_pixels")
                return ImageOps.exif_transpose(opened).convert("RGBA")
    except UNREADABLE as error:
        if isinstance(error, BadLogo):
            raise
        raise BadLogo("not_an_image") from error


def _fitted(picture: Image.Image) -> Image.Image:
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)  # pixels only: no profile, no comments, no EXIF
    clean.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    return clean
