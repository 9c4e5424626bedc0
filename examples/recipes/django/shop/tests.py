"""Run by `python manage.py test`."""

from pathlib import Path

import requests
from django.core.wsgi import get_wsgi_application
from django.test import TestCase
from safelight_testing import Safelight

from shop.models import Photo


class ShopTest(TestCase):
    def setUp(self):
        self.safelight = self.enterContext(Safelight(clock="manual"))
        self.safelight.webhooks.to("https://shop.example", get_wsgi_application())

    def take(self):
        with Path("photo.jpg").open("rb") as photo:
            return self.client.post("/photos", {"photo": photo})

    def test_a_photograph_is_ready_once_its_webhook_has_come(self):
        self.assertEqual(self.take().status_code, 202)
        self.assertEqual(Photo.objects.get().state, "working")

        self.safelight.clock.advance(60)

        photo = Photo.objects.get()
        self.assertEqual(photo.state, "ready")
        self.assertTrue(requests.get(photo.link, timeout=9).content.startswith(b"\xff\xd8"))

    def test_a_photograph_that_fails(self):
        self.safelight.scenario("failed")
        self.take()

        self.safelight.clock.advance(60)

        self.assertEqual(Photo.objects.get().state, "failed")

    def test_customers_are_told_when_credits_are_used_up(self):
        self.safelight.ledger.grant(0)

        self.assertEqual(self.take().status_code, 503)
        self.assertFalse(Photo.objects.exists())
