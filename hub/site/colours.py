"""From a brand's two colours to the tokens of both themes, and whether everything on them can be read (A3, U2).

The design's own tokens say how light and how strong each colour of a family is; a brand changes the hue, and how strong
its family is as a whole. The chosen colour itself is used as it is for fills in the light theme. OKLCH and OKLab as by
Björn Ottosson (https://bottosson.github.io/posts/oklab/); contrast as WCAG 2.2 defines it.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT = 4.6
MARK = 3.1
DEFAULT_COLOUR, DEFAULT_ACCENT = "#264e9c", "#b54a20"

Lch = tuple[float, float, float]
Rgb = tuple[float, float, float]


# -- Colour spaces ---------------------------------------------------------------------------------


def rgb_of(colour: str) -> Rgb:
    """`#rrggbb` as linear light, 0 to 1."""
    return tuple(_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))  # type: ignore[return-value]


def hex_of(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(_gamma(min(1.0, max(0.0, part))) * 255):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def lch_of(colour: str) -> Lch:
    red, green, blue = rgb_of(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _rgb_of_lch(lch: Lch) -> Rgb:
    light, chroma, hue = lch
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def colour_of(lch: Lch) -> str:
    """The nearest colour that a screen can show: as light and of the same hue, less strong where need be."""
    light, chroma, hue = lch
    for _ in range(40):
        rgb = _rgb_of_lch((light, chroma, hue))
        if all(-0.0005 <= part <= 1.0005 for part in rgb):
            return hex_of(rgb)
        chroma *= 0.95
    return hex_of(_rgb_of_lch((light, 0.0, hue)))


def contrast(one: str, other: str) -> float:
    """1 to 21 (WCAG 2.2, relative luminance)."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = rgb_of(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# -- The design's families -------------------------------------------------------------------------

# Lightness and chroma as in tokens.css, light theme and dark theme.
Pair = tuple[tuple[float, float], tuple[float, float]]
BRAND_CHROMA, CLAY_CHROMA = 0.135, 0.150

BRAND_FAMILY: dict[str, Pair] = {
    "brand": ((0.440, 0.135), (0.532, 0.140)),
    "brand-hover": ((0.395, 0.130), (0.540, 0.140)),
    "brand-press": ((0.350, 0.115), (0.500, 0.135)),
    "on-brand-2": ((0.900, 0.030), (0.940, 0.020)),
    "brand-ink": ((0.430, 0.140), (0.790, 0.095)),
    "brand-soft": ((0.945, 0.022), (0.285, 0.055)),
    "brand-line": ((0.840, 0.055), (0.420, 0.085)),
    "brand-deep": ((0.310, 0.090), (0.265, 0.060)),
    "bubble-out": ((0.440, 0.135), (0.470, 0.125)),
    "meter-run": ((0.500, 0.150), (0.720, 0.120)),
    "focus": ((0.480, 0.190), (0.830, 0.110)),
}
CLAY_FAMILY: dict[str, Pair] = {
    "clay": ((0.545, 0.150), (0.600, 0.150)),
    "clay-ink": ((0.470, 0.130), (0.805, 0.100)),
    "clay-soft": ((0.952, 0.022), (0.290, 0.045)),
}

# What a family stands on or beside, as in tokens.css.
GROUND: dict[str, tuple[Lch, Lch]] = {
    "bg": ((0.966, 0.007, 84), (0.176, 0.014, 262)),
    "surface": ((0.996, 0.002, 84), (0.214, 0.016, 262)),
    "surface-sunken": ((0.950, 0.008, 84), (0.158, 0.013, 262)),
    "surface-raised": ((1.0, 0.0, 0), (0.250, 0.018, 262)),
    "surface-hover": ((0.956, 0.009, 84), (0.262, 0.019, 262)),
    "meter-track": ((0.895, 0.014, 262), (0.345, 0.022, 262)),
    "ink": ((0.235, 0.024, 262), (0.945, 0.006, 84)),
    "ink-2": ((0.400, 0.020, 262), (0.810, 0.010, 84)),
    "on-brand": ((0.990, 0.004, 84), (0.990, 0.004, 84)),
    "on-bubble-out": ((0.990, 0.004, 84), (0.985, 0.004, 84)),
    "on-clay": ((0.995, 0.004, 84), (0.140, 0.020, 40)),
}

# What is read (or seen) on what, and how much contrast that needs: text 4.6, marks and edges 3.1 (design, Colour).
BRAND_PAIRS: list[tuple[str, str, float]] = [
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    ("on-brand", "brand-press", TEXT),
    ("on-brand-2", "brand-deep", TEXT),
    ("on-brand", "brand-deep", TEXT),
    ("on-bubble-out", "bubble-out", TEXT),
    *(("brand-ink", ground, TEXT) for ground in ("bg", "surface", "surface-raised", "surface-sunken", "surface-hover")),
    ("brand-ink", "brand-soft", TEXT),
    ("ink", "brand-soft", TEXT),
    ("ink-2", "brand-soft", TEXT),
    ("brand", "surface", MARK),
    ("meter-run", "meter-track", MARK),
    ("focus", "surface", MARK),
    ("focus", "bg", MARK),
]
CLAY_PAIRS: list[tuple[str, str, float]] = [
    ("on-clay", "clay", TEXT),
    ("clay-ink", "surface", TEXT),
    ("clay-ink", "bg", TEXT),
    ("clay-ink", "clay-soft", TEXT),
    ("ink", "clay-soft", TEXT),
    ("clay", "surface", MARK),
    ("clay", "bg", MARK),
]


@dataclass(frozen=True, slots=True)
class Family:
    """What one chosen colour stands for. `base_chroma` is how strong the design's own colour is."""

    tokens: dict[str, Pair]
    pairs: list[tuple[str, str, float]]
    base_chroma: float
    # In the light theme these are the chosen colour itself, and these so much darker than it.
    itself: frozenset[str]
    darker: dict[str, float]


BRAND = Family(
    BRAND_FAMILY,
    BRAND_PAIRS,
    BRAND_CHROMA,
    itself=frozenset({"brand", "bubble-out"}),
    darker={"brand-hover": 0.045, "brand-press": 0.09},
)
CLAY = Family(CLAY_FAMILY, CLAY_PAIRS, CLAY_CHROMA, itself=frozenset({"clay"}), darker={})
THEMES = ("light", "dark")
STRENGTH_MAX = 1.35
STEP = 0.005
NUDGES_MAX = 12


@dataclass(frozen=True, slots=True)
class Weak:
    """A pair with too little contrast: which, in which theme, how much it has and needs."""

    on: str
    ground: str
    theme: str
    ratio: float
    needed: float


def tokens_of(chosen: str, family: Family) -> dict[str, tuple[str, str]]:
    """Token name to its colour in the light and in the dark theme."""
    light, chroma, hue = lch_of(chosen)
    strength = min(chroma / family.base_chroma, STRENGTH_MAX)
    made: dict[str, tuple[str, str]] = {}
    for name, (by_day, by_night) in family.tokens.items():
        lightness = max(0.0, light - family.darker[name]) if name in family.darker else by_day[0]
        day = chosen if name in family.itself else _settled(name, (lightness, by_day[1] * strength, hue), family, 0)
        made[name] = (day, _settled(name, (by_night[0], by_night[1] * strength, hue), family, 1))
    return made


def _settled(name: str, wanted: Lch, family: Family, theme: int) -> str:
    """As light as the design has it, or a little off where this hue needs that beside what does not change with it."""
    light, chroma, hue = wanted
    for steps in range(NUDGES_MAX):
        for off in (steps * STEP, -steps * STEP):
            candidate = colour_of((min(1.0, max(0.0, light + off)), chroma, hue))
            if _passes(name, candidate, family, theme):
                return candidate
    return colour_of(wanted)


def _passes(name: str, colour: str, family: Family, theme: int) -> bool:
    for on, ground, needed in family.pairs:
        other = ground if on == name else on if ground == name else ""
        if other in GROUND and contrast(colour, _ground(other, theme)) < needed:
            return False
    return True


@lru_cache(maxsize=64)
def _ground(name: str, theme: int) -> str:
    return colour_of(GROUND[name][theme])


def weak_pairs(chosen: str, family: Family) -> list[Weak]:
    """Every pair that this colour would make hard to read, the worst first."""
    tokens = {name: (_ground(name, 0), _ground(name, 1)) for name in GROUND}
    tokens |= tokens_of(chosen, family)
    found = [
        Weak(on, ground, theme, contrast(tokens[on][at], tokens[ground][at]), needed)
        for at, theme in enumerate(THEMES)
        for on, ground, needed in family.pairs
    ]
    return sorted((one for one in found if one.ratio < one.needed), key=lambda weak: weak.ratio / weak.needed)


def nearest_readable(chosen: str, family: Family) -> str:
    """The colour of the same hue that differs least in lightness and passes everywhere."""
    light, chroma, hue = lch_of(chosen)
    for steps in range(int(1 / STEP) + 1):
        for lightness in (light - steps * STEP, light + steps * STEP):
            if 0 <= lightness <= 1 and not weak_pairs(candidate := colour_of((lightness, chroma, hue)), family):
                return candidate
    return DEFAULT_COLOUR if family is BRAND else DEFAULT_ACCENT


@lru_cache(maxsize=64)
def style_sheet(colour: str, accent: str) -> str:
    """The tokens of this brand, for both themes. `:root:root` outweighs the design's own, wherever it is linked."""
    tokens = tokens_of(colour, BRAND) | tokens_of(accent, CLAY)
    lines = [f"  --{name}: light-dark({day}, {night});" for name, (day, night) in tokens.items()]
    return ":root:root {\n" + "\n".join(lines) + "\n}\n"
