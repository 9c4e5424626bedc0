"""Which documented responses and schema keywords of an API a test run reached.

`pytest -p safelight_testing.coverage --document-coverage FILE` records every mock server in the test process
(threads and xdist workers included), prints a line for each API and writes FILE as JSON.

`recorder` notes requests as they are answered; `values` reads what they sent; `keywords` finds the schema
keywords of a document; `exercise` decides which of them a value satisfied or violated; `summary` compares
that with the document; `plugin` is the pytest side.
"""

from safelight_testing.coverage.plugin import (
    pytest_addoption,
    pytest_configure,
)
from safelight_testing.coverage.recorder import Recorder
from safelight_testing.coverage.summary import Summary, summarise

__all__ = ["Recorder", "Summary", "pytest_addoption", "pytest_configure", "summarise"]
