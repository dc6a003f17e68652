"""The browser of the web tests, for the report."""

from tests.web.conftest import browser as browser
