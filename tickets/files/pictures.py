"""Pictures are drawn anew: only pixels stay, no place where they were taken, no second file hidden behind (X5).

The size in pixels is read from the header before anything is unpacked, so that forty kilobytes cannot become four
gigabytes; what a file that lies makes Pillow raise is one refusal.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from tickets.files.errors import TooManyPixels, UnreadablePicture

FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
PIXELS_MAX: Final = 50_000_000  # what a good camera makes; decoded 200 MB
SIDE_MAX: Final = 30_000
# Of an animation, over all its frames; beyond it the first frame stands for all.
FRAMES_MAX, FRAME_PIXELS_MAX = 200, 60_000_000
PREVIEW_SIDE: Final = 480
_UNREADABLE: Final = (
    *(UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError),
    *(struct.error, zlib.error, ArithmeticError, LookupError, TypeError, AttributeError, MemoryError),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    preview: bytes
    width: int
    height: int


def look_at(original: IO[bytes]) -> None:
    """Only the header. Raises TooManyPixels, UnreadablePicture."""
    with _opened(original):
        pass


def draw(original: IO[bytes]) -> Drawn:
    """The same picture in the same format, and a small one. Raises TooManyPixels, UnreadablePicture."""
    with _opened(original) as picture:
        kind = picture.format or ""
        if kind == "GIF" and 1 < getattr(picture, "n_frames", 1) <= FRAMES_MAX:
            return _draw_animation(picture)
        return _drawn(_pixels(picture), kind)


@contextmanager
def _opened(original: IO[bytes]) -> Iterator[Image.Image]:
    original.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is refused here
            with Image.open(original, formats=FORMATS) as picture:
                sides = picture.size
                if max(sides) > SIDE_MAX or sides[0] * sides[1] > PIXELS_MAX:
                    raise TooManyPixels
                yield picture
    except _UNREADABLE as error:
        if isinstance(error, Image.DecompressionBombError):
            raise TooManyPixels from error
        raise UnreadablePicture from error


def _pixels(picture: Image.Image) -> Image.Image:
    """Turned as the camera says, without anything that was written beside the pixels."""
    turned = ImageOps.exif_transpose(picture)
    has_holes = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    mode = "RGBA" if has_holes else ("L" if turned.mode in ("1", "L") else "RGB")
    converted = turned.convert(mode)
    clean = Image.new(mode, converted.size)
    clean.paste(converted)
    return clean


def _drawn(pixels: Image.Image, kind: str) -> Drawn:
    if kind == "JPEG":
        content = _packed(pixels.convert("RGB") if pixels.mode == "RGBA" else pixels, "JPEG", quality=88)
    elif kind == "WEBP":
        content = _packed(pixels, "WEBP", quality=88, method=2)
    elif kind == "GIF":
        content = _packed(pixels, "GIF")
    else:
        content = _packed(pixels, "PNG", compress_level=6)
    return Drawn(content, _preview(pixels), pixels.width, pixels.height)


def _draw_animation(picture: Image.Image) -> Drawn:
    frames: list[Image.Image] = []
    lengths: list[int] = []
    for frame in ImageSequence.Iterator(picture):
        if (len(frames) + 1) * frame.width * frame.height > FRAME_PIXELS_MAX:
            frames = frames[:1]
            break
        frames.append(_pixels(frame))
        lengths.append(min(max(int(frame.info.get("duration", 100)), 20), 10_000))
    if len(frames) < 2:
        return _drawn(frames[0], "GIF")
    packed = io.BytesIO()
    frames[0].save(
        packed, "GIF", save_all=True, append_images=frames[1:], duration=lengths[: len(frames)], loop=0, disposal=2
    )
    return Drawn(packed.getvalue(), _preview(frames[0]), frames[0].width, frames[0].height)


def _preview(pixels: Image.Image) -> bytes:
    small = pixels.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS)
    return _packed(small, "PNG") if small.mode == "RGBA" else _packed(small.convert("RGB"), "JPEG", quality=80)


def _packed(pixels: Image.Image, kind: str, **how: int) -> bytes:
    target = io.BytesIO()
    pixels.save(target, kind, **how)
    return target.getvalue()
