"""A real browser without a window for the tests of pages: Chromium, driven through selenium.

Where Chromium, its driver or selenium is absent, `start` returns None and the tests are skipped.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start(width: int = 1600, height: int = 1000) -> Chrome | None:
    """Start Chromium, or return None where it is not installed."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    try:
        from selenium.webdriver import Chrome, ChromeOptions
        from selenium.webdriver.chrome.service import Service
    except ImportError:
        return None
    if not browser or not driver:
        return None
    options = ChromeOptions()
    options.binary_location = browser
    for flag in _FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options, Service(driver))
    set_size(chrome, width, height)
    return chrome


def set_size(chrome: Chrome, width: int, height: int) -> None:
    """Give the page a window of this many pixels."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    command(chrome, "Emulation.setDeviceMetricsOverride", **size)


def set_media(chrome: Chrome, **features: str) -> None:
    """Set media features; `prefers_color_scheme="dark"`, `prefers_reduced_motion="reduce"`."""
    named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    command(chrome, "Emulation.setEmulatedMedia", features=named)


def command(chrome: Chrome, name: str, **arguments: Any) -> dict[str, Any]:
    """Give a command of the DevTools protocol."""
    answer: dict[str, Any] = chrome.execute_cdp_cmd(name, arguments)
    return answer


def visit(chrome: Chrome, page: Path, address: str = "") -> None:
    """Load a page anew, with nothing left in the logs of those before."""
    chrome.get("about:blank")
    complaints(chrome)
    requests(chrome)
    chrome.get(page.as_uri() + address)


def complaints(chrome: Chrome) -> list[str]:
    """Return what the console said since the last time: errors, broken policies."""
    log: list[dict[str, Any]] = chrome.get_log("browser")  # type: ignore[no-untyped-call]
    return [str(entry["message"]) for entry in log]


def requests(chrome: Chrome) -> list[str]:
    """Return the addresses that were asked for since the last time."""
    log: list[dict[str, Any]] = chrome.get_log("performance")  # type: ignore[no-untyped-call]
    events = [json.loads(entry["message"])["message"] for entry in log]
    return [
        str(event["params"]["request"]["url"])
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
