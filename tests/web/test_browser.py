"""The main path in a real browser: front page, event, citation; keys, themes, widths, languages, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from web_desk import TOKEN, WIRE, ZH, Desk

from groundwire.settings import Settings
from groundwire.web.static_copy import export_site

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def clean(browser: webdriver.Chrome) -> Iterator[None]:
    """Each test begins as a new reader at a desk; none may leave a complaint in the console."""
    look(browser, 1440, dark=False)
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's
    yield
    complaints = [e for e in browser.get_log("browser") if e["level"] in ("SEVERE", "WARNING")]  # type: ignore[no-untyped-call]  # selenium's
    assert complaints == []


def look(browser: webdriver.Chrome, width: int, *, dark: bool) -> None:
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    theme = {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", theme)


def find(browser: webdriver.Chrome, css: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, css)


def all_of(browser: webdriver.Chrome, css: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, css)


def press(browser: webdriver.Chrome, *keys: str) -> None:
    for key in keys:
        webdriver.ActionChains(browser).send_keys(key).perform()


def until(browser: webdriver.Chrome, condition: Callable[[webdriver.Chrome], object]) -> None:
    WebDriverWait(browser, 10).until(condition)


def style(browser: webdriver.Chrome, css: str, name: str) -> Any:
    return browser.execute_script(
        "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", css, name
    )


def event_url(base: str, desk: Desk) -> str:
    return f"{base}/events/{desk.slugs['full']}"


def test_a_reader_goes_from_the_front_page_to_the_words_of_a_source(
    browser: webdriver.Chrome, base: str, desk: Desk
) -> None:
    browser.get(base)
    find(browser, ".entry.lead h2 a").click()
    until(browser, lambda b: b.current_url == event_url(base, desk))
    assert WIRE[0] in find(browser, "#headline").text
    find(browser, "#why_it_matters a.ref").click()
    until(browser, lambda b: "/articles/" in b.current_url)
    mark = find(browser, "mark:target")
    assert mark.text == "doubled throughput on 96 accelerators"
    assert "Lanternpost Wire" in find(browser, ".source-line").text
    find(browser, ".onward a:last-child").click()
    until(browser, lambda b: b.current_url == event_url(base, desk))


def test_on_a_wide_screen_each_quote_stands_beside_its_statement(
    browser: webdriver.Chrome, base: str, desk: Desk
) -> None:
    browser.get(event_url(base, desk))
    rows = all_of(browser, "#tldr .row")
    assert rows
    for row in rows:
        words, note = row.find_element(By.CSS_SELECTOR, ".words"), row.find_element(By.CSS_SELECTOR, ".note")
        assert note.find_element(By.CSS_SELECTOR, "blockquote").is_displayed()
        assert note.rect["x"] >= words.rect["x"] + words.rect["width"]
        assert words.rect["y"] - 5 <= note.rect["y"] <= words.rect["y"] + 400


def test_on_a_phone_the_quote_unfolds_under_its_statement(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    look(browser, 390, dark=False)
    browser.get(event_url(base, desk))
    row = find(browser, "#why_it_matters .row")
    words, note = row.find_element(By.CSS_SELECTOR, ".words"), row.find_element(By.CSS_SELECTOR, ".note")
    quote = note.find_element(By.CSS_SELECTOR, "blockquote")
    assert not quote.is_displayed()
    assert note.rect["y"] >= words.rect["y"] + words.rect["height"] - 1  # rounded to whole pixels
    note.find_element(By.CSS_SELECTOR, "summary").click()
    assert quote.is_displayed()
    assert "doubled throughput on 96 accelerators" in quote.text


def test_on_a_phone_fingers_hit_what_they_mean(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    look(browser, 390, dark=False)
    for address in (base, event_url(base, desk), f"{base}/sources", f"{base}/search?q=Ferrule"):
        browser.get(address)
        low = browser.execute_script(  # links within a sentence are as high as its lines
            """return [...document.querySelectorAll("a, button, summary, input")]
            .filter(e => e.checkVisibility() && getComputedStyle(e).display !== "inline" && !e.closest(".unseen, .skip"))
            .filter(e => e.getBoundingClientRect().height < 24).map(e => e.outerHTML)"""
        )
        assert low == []


@pytest.mark.parametrize("width", [320, 390, 768, 1023, 1024, 1440, 1920])
def test_no_page_is_wider_than_the_screen(browser: webdriver.Chrome, base: str, desk: Desk, width: int) -> None:
    look(browser, width, dark=False)
    for path in ("/", f"/events/{desk.slugs['full']}", f"/events/{desk.slugs['hostile']}", "/sources", "/about"):
        browser.get(base + path)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, path


OVERLAPS = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), lines = [];
for (let node; (node = walker.nextNode());) {
  const block = node.parentElement.closest("p, h1, h2, h3, li, dt, dd, th, td, summary, blockquote, label, figcaption, div");
  if (!node.data.trim() || !block?.checkVisibility() || node.parentElement.closest("svg, sup, .unseen, .skip")) continue;
  const range = document.createRange();
  range.selectNodeContents(node);
  for (const box of range.getClientRects()) {  // a font's box is higher than the line it stands in
    const trim = box.height * .3;
    if (box.width > 1) lines.push([block, node.data.trim(), box.left + 1, box.right - 1, box.top + trim, box.bottom - trim]);
  }
}
return lines.flatMap(([a, text, l, r, t, b], i) => lines.slice(i + 1)
  .filter(([o, , l2, r2, t2, b2]) => o !== a && !o.contains(a) && !a.contains(o) && l < r2 && l2 < r && t < b2 && t2 < b)
  .map(o => [text, o[1]]));
"""


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_words_stand_on_other_words(browser: webdriver.Chrome, base: str, desk: Desk, width: int) -> None:
    look(browser, width, dark=False)
    for path in ("/", f"/events/{desk.slugs['full']}", f"/events/{desk.slugs['hostile']}", "/sources", "/workbench"):
        browser.get(base + path)
        assert browser.execute_script(OVERLAPS) == [], path


def test_what_is_contested_stands_in_the_column_of_the_summary(
    browser: webdriver.Chrome, base: str, desk: Desk
) -> None:
    look(browser, 1440, dark=False)
    browser.get(event_url(base, desk))
    contested, summary = find(browser, "#tldr .contested").rect, find(browser, "#what_changed .words").rect
    assert contested["x"] == summary["x"]
    assert contested["width"] == summary["width"]


def test_pages_read_without_scripts(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(event_url(base, desk))
    assert find(browser, "#what_changed").is_displayed()
    note, summary = find(browser, "#what_changed .note"), find(browser, "#what_changed .note summary")
    assert note.rect["height"] > 2 * summary.rect["height"]  # its quote is shown
    assert not any(button.is_displayed() for button in all_of(browser, "button.theme, button.keys"))
    find(browser, "#find").send_keys("费鲁尔", Keys.ENTER)
    until(browser, lambda b: "/search" in b.current_url)
    assert find(browser, ".entry h2").text == WIRE[0]
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_keys_go_through_a_page(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    browser.get(base)
    press(browser, "j", "j", "k")
    assert WIRE[0] in find(browser, ".here h2").text
    press(browser, "o")
    until(browser, lambda b: b.current_url == event_url(base, desk))
    press(browser, "?")
    assert find(browser, "dialog#keys").is_displayed()
    press(browser, Keys.ESCAPE)
    assert not find(browser, "dialog#keys").is_displayed()
    press(browser, "/")
    assert browser.switch_to.active_element.get_attribute("id") == "find"
    browser.switch_to.active_element.send_keys("jo")  # letters are letters there
    assert find(browser, "#find").get_attribute("value") == "jo"


def test_the_theme_follows_the_system_until_the_reader_chooses(browser: webdriver.Chrome, base: str) -> None:
    browser.get(base)
    light = style(browser, "body", "backgroundColor")
    look(browser, 1440, dark=True)
    dark = style(browser, "body", "backgroundColor")
    assert light != dark
    find(browser, "button.theme").click()
    assert find(browser, "button.theme").text == "Light"
    assert style(browser, "body", "backgroundColor") == light
    browser.refresh()
    assert style(browser, "body", "backgroundColor") == light
    find(browser, "button.theme").click()
    look(browser, 1440, dark=False)
    assert style(browser, "body", "backgroundColor") == dark
    find(browser, "button.theme").click()
    assert style(browser, "body", "backgroundColor") == light


def luminance(color: str) -> float:
    channels = [int(c) / 255 for c in color.removeprefix("rgba(").removeprefix("rgb(").rstrip(")").split(",")[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_all_text_has_enough_contrast(browser: webdriver.Chrome, base: str, desk: Desk, *, dark: bool) -> None:
    look(browser, 1440, dark=dark)
    browser.get(event_url(base, desk))
    paper = luminance(style(browser, "body", "backgroundColor"))
    colors = set(
        browser.execute_script(
            "return [...document.querySelectorAll('body *')].filter(e => e.innerText && e.offsetParent)"
            ".map(e => getComputedStyle(e).color)"
        )
    )
    assert len(colors) >= 3
    marked = luminance(style(browser, "mark", "backgroundColor"))
    for color in colors:
        ink = luminance(color)
        assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, color
    ink = luminance(style(browser, "mark", "color"))
    assert (max(ink, marked) + 0.05) / (min(ink, marked) + 0.05) >= 4.5


def test_the_interface_speaks_chinese(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    browser.get(event_url(base, desk))
    find(browser, "a.language").click()
    until(browser, lambda b: "lang=zh" in b.current_url)
    assert find(browser, "#tldr-title").text == "三十秒速览"
    browser.get(base)
    assert "家媒体" in find(browser, ".facts").text


def test_a_link_is_copied(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    permission = {"origin": base, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", permission)
    browser.get(event_url(base, desk))
    find(browser, "[data-copy]").click()
    until(browser, lambda b: find(b, "[data-copy]").text == "Copied")
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied.endswith(f"/events/{desk.slugs['full']}")
    find(browser, "[data-copy-from]").click()
    until(browser, lambda b: find(b, "[data-copy-from]").text == "Copied")
    copied = browser.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied.startswith(f"# {WIRE[0]}[^1]")


def test_hostile_words_run_nothing(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    browser.get(f"{base}/events/{desk.slugs['hostile']}")
    assert "<script>alert(1)</script>" in find(browser, "#headline").text  # an alert would have failed the test
    assert all_of(browser, "img") == []


def test_whoever_has_the_token_decides_by_hand(browser: webdriver.Chrome, base: str, desk: Desk) -> None:
    browser.get(event_url(base, desk))
    find(browser, 'a[href^="/token"]').click()
    find(browser, "#token").send_keys(TOKEN, Keys.ENTER)
    until(browser, lambda b: b.current_url == event_url(base, desk))
    assert find(browser, "#manage").is_displayed()
    find(browser, "form.inline button").click()
    until(browser, lambda b: not all_of(b, "form.inline"))


def test_the_static_copy_works_from_a_folder(browser: webdriver.Chrome, desk: Desk, tmp_path: Path) -> None:
    export_site(desk.store, Settings(home=tmp_path), tmp_path / "site")
    browser.get((tmp_path / "site" / "index.html").as_uri())
    assert style(browser, "body", "backgroundColor") != "rgba(0, 0, 0, 0)"  # its style sheet is there
    find(browser, ".entry.lead h2 a").click()
    find(browser, "#what_to_do a.ref").click()
    assert find(browser, ".passages :target")
    assert ZH[1].split("\n")[1] in find(browser, ".passages").text
    find(browser, "a.language").click()
    assert "本站引用的文字" in find(browser, ".kicker").text
