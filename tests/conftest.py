"""Options and fixtures that every room's tests share."""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

# a machine that is busy with something else is no reason to fail
settings.register_profile("erdgen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("erdgen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="Rewrite the golden files with what comes out now (refused in CI).",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-goldens") and os.environ.get("CI"):
        raise pytest.UsageError("--update-goldens is refused in CI: people look at goldens")
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        # a script's background job ignores Ctrl-C, and so would what the tests start and interrupt
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten in this run."""
    return bool(request.config.getoption("--update-goldens"))
