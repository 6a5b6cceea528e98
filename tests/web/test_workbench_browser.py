"""The workbench in a real browser: it answers as one types, its address follows, it fits a phone, works without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from groundwire.economics.application import EXAMPLES

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def quiet(browser: webdriver.Chrome) -> Iterator[None]:
    """No test may leave a complaint in the console (a wrong input is answered with 422, which the browser logs)."""
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    look(browser, 1300)
    browser.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's
    yield
    complaints = [e for e in browser.get_log("browser") if "422" not in e["message"]]  # type: ignore[no-untyped-call]  # selenium's
    assert complaints == []


def look(browser: webdriver.Chrome, width: int) -> None:
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def verdict(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, ".verdict, .wrong").text


def test_the_answer_follows_what_is_typed_and_so_does_the_address(browser: webdriver.Chrome, base: str) -> None:
    browser.get(f"{base}/workbench?example=coding-agent&lang=en")
    before = verdict(browser)
    price = browser.find_element(By.CSS_SELECTOR, "[name=plan_usd_per_month]")
    price.clear()
    price.send_keys("99")
    WebDriverWait(browser, 20).until(lambda b: verdict(b) != before)
    WebDriverWait(browser, 20).until(lambda b: "plan_usd_per_month=99" in b.current_url)
    shown = verdict(browser)
    browser.get(browser.current_url)  # what a reader of the shared address sees
    assert verdict(browser) == shown


def test_a_slip_is_marked_where_it_was_made_and_its_mending_unmarks_it(browser: webdriver.Chrome, base: str) -> None:
    browser.get(f"{base}/workbench?example=coding-agent&lang=en")
    users = browser.find_element(By.NAME, "users")
    users.clear()
    users.send_keys("-5")
    WebDriverWait(browser, 20).until(lambda b: "must be positive" in verdict(b))
    assert users.get_attribute("aria-invalid") == "true"
    users.clear()
    users.send_keys("800")
    WebDriverWait(browser, 20).until(lambda b: "must be positive" not in verdict(b))
    assert users.get_attribute("aria-invalid") is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_fits_a_phone(browser: webdriver.Chrome, base: str, name: str) -> None:
    look(browser, 360)
    browser.get(f"{base}/workbench?example={name}&lang=zh")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
    charts = browser.find_elements(By.CSS_SELECTOR, "svg.chart")
    shown = [c for c in charts if c.is_displayed()]
    assert len(shown) >= 6
    assert len(shown) * 2 == len(charts)  # each drawn for a wide and a narrow column


def test_without_scripts_the_button_asks_and_the_answer_comes(browser: webdriver.Chrome, base: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{base}/workbench?example=on-device-summariser&lang=en")
    users = browser.find_element(By.NAME, "users")
    users.clear()
    users.send_keys("1234")
    browser.find_element(By.CSS_SELECTOR, "button.work").click()
    WebDriverWait(browser, 20).until(lambda b: "users=1234" in b.current_url)
    assert "a request" in verdict(browser)


def test_print_leaves_the_inputs_out_and_keeps_the_wide_charts(
    browser: webdriver.Chrome, base: str, tmp_path: Path
) -> None:
    browser.get(f"{base}/workbench/report?example=chat-assistant&lang=en")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = [c for c in browser.find_elements(By.CSS_SELECTOR, ".for-wide svg.chart") if c.is_displayed()]
        assert len(shown) >= 6
        assert not browser.find_element(By.CSS_SELECTOR, ".take").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, "table.levers").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
