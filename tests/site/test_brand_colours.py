"""A3: colours that a brand may have, and what they become in both themes."""

import re

import pytest

from hub.site.colours import (
    BRAND,
    CLAY,
    DEFAULT_ACCENT,
    DEFAULT_COLOUR,
    Family,
    colour_of,
    contrast,
    lch_of,
    nearest_readable,
    style_sheet,
    tokens_of,
    weak_pairs,
)

FAMILIES = {"brand": BRAND, "clay": CLAY}


def test_contrast_is_that_of_wcag() -> None:
    """Figures of the specification's own examples."""
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize("colour", ["#264e9c", "#ff0000", "#00ff00", "#0000ff", "#ffffff", "#000000", "#7b1f45"])
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    assert colour_of(lch_of(colour)) == colour


def test_a3_the_designs_own_colours_pass() -> None:
    assert weak_pairs(DEFAULT_COLOUR, BRAND) == []
    assert weak_pairs(DEFAULT_ACCENT, CLAY) == []


def test_a3_too_light_a_colour_is_refused_with_figure_and_what_would_do() -> None:
    worst = weak_pairs("#ffd400", BRAND)[0]
    assert (worst.on, worst.ground, worst.theme, worst.needed) == ("on-brand", "brand", "light", 4.6)
    assert worst.ratio == pytest.approx(1.4, abs=0.05)
    instead = nearest_readable("#ffd400", BRAND)
    assert weak_pairs(instead, BRAND) == []
    assert abs(lch_of(instead)[2] - lch_of("#ffd400")[2]) < 2, "the same hue"


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
@pytest.mark.parametrize("hue", range(0, 360, 20))
def test_a3_every_hue_has_a_colour_that_passes(family: Family, hue: int) -> None:
    for colour in (colour_of((0.9, 0.1, hue)), colour_of((0.5, 0.3, hue))):
        near = nearest_readable(colour, family)
        assert weak_pairs(near, family) == []
        assert near not in (DEFAULT_COLOUR, DEFAULT_ACCENT)


def test_what_passes_is_its_own_nearest() -> None:
    assert nearest_readable("#7b1f45", BRAND) == "#7b1f45"


def test_the_chosen_colour_is_used_as_it_is_by_day() -> None:
    assert tokens_of("#7b1f45", BRAND)["brand"][0] == "#7b1f45"
    assert tokens_of("#8a3b12", CLAY)["clay"][0] == "#8a3b12"


def test_the_style_sheet_holds_tokens_for_both_themes_and_nothing_else() -> None:
    lines = style_sheet("#7b1f45", "#b54a20").splitlines()
    assert (lines[0], lines[-1]) == (":root:root {", "}")
    token = re.compile(r"  --[a-z0-9-]+: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);")
    assert len(lines) == 2 + len(BRAND.tokens) + len(CLAY.tokens)
    assert all(token.fullmatch(line) for line in lines[1:-1])
