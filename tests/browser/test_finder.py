"""The browser tests always have a browser, or say in one sentence why not; they never skip."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.browser import chromium

pytestmark = pytest.mark.browser


def test_a_named_browser_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.touch(mode=0o755)
    monkeypatch.setenv("BALIE_BROWSER", str(program))
    assert chromium.find_browser() == chromium.Browser(str(program))


def test_a_named_browser_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BALIE_BROWSER", str(tmp_path / "nothing"))
    with pytest.raises(chromium.NoBrowser, match="is no program"):
        chromium.find_browser()


def test_the_one_from_npm_comes_before_the_machines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It has no windows to draw around a page, and does it in half of the time."""
    monkeypatch.delenv("BALIE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "UNPACKED", tmp_path / "npm")
    (tmp_path / "chromium").touch(mode=0o755)
    assert chromium.find_browser().program == str(tmp_path / "chromium")
    (tmp_path / "npm").mkdir()
    (tmp_path / "npm" / "chromium").touch(mode=0o755)
    assert chromium.find_browser().program == str(tmp_path / "npm" / "chromium")


def test_no_browser_gives_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BALIE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(chromium, "MACHINE_PLACES", ())
    monkeypatch.setattr(chromium, "UNPACKED", tmp_path)
    with pytest.raises(chromium.NoBrowser, match="No browser: install chromium"):
        chromium.find_browser()


def test_the_browser_that_was_found_draws_a_page(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(**chromium.find_browser().launch_options())  # type: ignore[arg-type]
    page = browser.new_page()
    page.set_content("<h1>سلام</h1>")
    assert page.locator("h1").inner_text() == "سلام"
    browser.close()
