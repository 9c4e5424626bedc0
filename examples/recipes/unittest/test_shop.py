"""Run by `python -m unittest`."""

import unittest
from pathlib import Path
from urllib.error import HTTPError

from safelight_testing import Safelight

from shop import enlarge

PHOTO = Path("photo.jpg").read_bytes()


class ShopTest(unittest.TestCase):
    def setUp(self):
        self.safelight = self.enterContext(Safelight(sleeps=["shop"]))

    def tearDown(self):
        self.safelight.check_conduct()  # as --safelight-strict does under pytest

    def test_a_photograph_is_enlarged(self):
        self.safelight.scenario("slow")

        self.assertTrue(enlarge(PHOTO).startswith(b"\xff\xd8"))

        self.assertGreater(self.safelight.clock.elapsed, 20 * 60)

    def test_credits_are_used_up(self):
        self.safelight.ledger.grant(0)

        with self.assertRaisesRegex(HTTPError, "402"):
            enlarge(PHOTO)
