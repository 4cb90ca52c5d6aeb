"""Whatever happens to a page, it ends as a fresh one; for an hour, by hand: `python -m tests.soak --minutes 60`."""

from playwright.sync_api import Browser

from tests import processes
from tests.soak import soak


def test_r8_whatever_happens_the_page_ends_as_a_fresh_one(server: processes.Server, browser: Browser):
    run, faults = soak(browser, server, seconds=20, seed=3)
    run.page.context.close()
    assert faults == []
