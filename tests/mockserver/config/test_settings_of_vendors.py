"""Settings: how each is read, and how webhooks and limits follow from them."""

from datetime import timedelta
from math import inf

import pytest

from safelight_mock.core import (
    WHOLE,
    Deliver,
    Engine,
    Identified,
    Lifecycle,
    Read,
    Retry,
    Sandbox,
    Schedule,
    Signed,
    State,
    Target,
    signature,
)
from safelight_mock.wire import Setting
from safelight_mock.wire.rate_limits import Window, count, exceeded
from safelight_mock.wire.setting import Plain
from safelight_mock.wire.webhook_settings import DOCUMENTED, WebhookSettings, delivered

RETRY = Retry(
    on=frozenset({"5xx"}),
    first=timedelta(seconds=5),
    factor=2,
    ceiling=timedelta(seconds=900),
    attempts=20,
    timeout=timedelta(seconds=30),
)
RULE = Deliver(
    webhook="told", target=Target(account=True), on=frozenset({State.FAILED}), sign="none", retry=RETRY
)


@pytest.mark.parametrize(
    ("options", "retry"),
    [
        ({}, {}),
        ({"webhook_retried": "4xx,timeout"}, {"on": frozenset({"4xx", "timeout"})}),
        (
            {"webhook_retried": "4xx,5xx,network,timeout"},
            {"on": frozenset({"4xx", "5xx", "network", "timeout"})},
        ),
        ({"webhook_retried": ""}, {"on": frozenset()}),
        ({"webhook_first": 1.5}, {"first": timedelta(seconds=1.5)}),
        ({"webhook_ceiling": 60}, {"ceiling": timedelta(seconds=60)}),
        ({"webhook_timeout": 3}, {"timeout": timedelta(seconds=3)}),
        ({"webhook_attempts": 2}, {"attempts": 2}),
        ({"backoff_cap": "per-wait"}, {}),
        ({"backoff_cap": "total"}, {"ceiling": timedelta.max, "total": 900.0}),
        ({"backoff_cap": "total", "webhook_ceiling": 60}, {"ceiling": timedelta.max, "total": 60.0}),
    ],
)
def test_each_setting_changes_what_it_names_and_nothing_else(
    options: dict[str, Plain], retry: dict[str, object]
) -> None:
    found = delivered(RULE, options)

    names = ("on", "first", "ceiling", "timeout", "attempts", "factor", "total")
    expected = {name: getattr(RETRY, name) for name in names} | retry
    assert {name: getattr(found.retry, name) for name in names} == expected
    assert (found.on, found.sign, found.webhook) == (RULE.on, "none", "told")
    assert RETRY.total == inf


def test_a_vendor_has_the_settings_that_have_a_default() -> None:
    settings = WebhookSettings(attempts=3, max_delay=DOCUMENTED, notify_pending=False).settings

    assert {name: setting.default for name, setting in settings.items()} == {
        "notify_pending": False,
        "webhook_ceiling": None,
        "webhook_attempts": 3,
    }
    assert settings["webhook_ceiling"].read("9") == 9.0
    with pytest.raises(ValueError, match="0 does not lie between 1 and 1000"):
        settings["webhook_attempts"].read(0)


def test_a_signature_is_named_and_written_as_chosen() -> None:
    assert delivered(RULE, {"signature_header": "X-Mine"}).sign == Signed(header="X-Mine", format="")
    assert delivered(RULE, {"signature_header": "X-Mine", "signature_format": "{hex}"}).sign == Signed(
        header="X-Mine", format="{hex}"
    )
    assert delivered(RULE, {"signature_format": "{hex}"}).sign == "none"


def test_a_digest_is_written_in_hex_or_in_base64() -> None:
    assert signature("key", b"body", "{hex}").startswith("515aae")
    assert signature("key", b"body", "v1,{base64}") == "v1,UVquEztDXUAAlWcx9orlz164XU8NxqVG0r/NNZXsGuE="


def test_waits_that_are_bounded_together_end_at_the_bound() -> None:
    schedule = Schedule(waits=(3.0, 6.0, 12.0), attempts=9, total=9.0)

    assert [schedule.wait(made) for made in (1, 2, 3)] == [3.0, 6.0, None]
    assert Schedule(waits=(3.0, 6.0), attempts=9, total=4.0).wait(1) == 3.0
    assert Schedule(waits=(3.0, 6.0), attempts=9, total=8.0).wait(2) is None


@pytest.mark.parametrize(
    ("setting", "value", "read"),
    [
        (Setting(default=1, about="", most=3), "3", 3),
        (Setting(default=1.0, about="", least=0.5), "0.5", 0.5),
        (Setting(default=False, about=""), "true", True),
        (Setting(default="a", about="", choices=("a", "b")), "b", "b"),
        (Setting(default=None, kind=float, about=""), "24", 24.0),
    ],
)
def test_a_setting_is_read_typed_or_as_text(setting: Setting, value: Plain, read: Plain) -> None:
    assert setting.read(value) == read
    assert setting.read(read) == read


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        (Setting(default=1, about=""), "many", "^'many' is no int$"),
        (Setting(default=None, kind=float, about=""), "many", "^'many' is no float$"),
        (Setting(default=1, about="", most=3), 4, "^4 does not lie between 0 and 3$"),
        (Setting(default=1.0, about="", least=0.5), 0.4, r"^0.4 does not lie between 0.5 and 1e\+09$"),
        (Setting(default="a", about="", choices=("a", "b")), "c", "^'c' is none of a, b$"),
    ],
)
def test_a_value_that_does_not_fit_is_named(setting: Setting, value: Plain, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        setting.read(value)


def seen(sandbox: Sandbox, now: float) -> Engine:
    bare = Lifecycle(submit=(), states={}, id=Identified(parameter="id"), read=Read(operation="read"))
    return Engine(sandbox=sandbox, name="", lifecycle=bare, now=now, look=lambda _: WHOLE)


def test_of_several_windows_that_are_full_the_one_that_lasts_longest_is_told() -> None:
    sandbox, windows = Sandbox(name="box", seed=""), (Window(most=1, seconds=2), Window(most=1, seconds=60))

    count(windows, seen(sandbox, 10))

    found = exceeded(windows, seen(sandbox, 11))
    assert found is not None
    assert (found.window, found.reset) == (windows[1], 59)


def test_a_call_counts_up_to_the_end_of_its_window_and_no_longer() -> None:
    sandbox, windows = Sandbox(name="box", seed=""), (Window(most=3, seconds=10),)
    for now in (10, 11, 12):
        count(windows, seen(sandbox, now))

    assert exceeded(windows, seen(sandbox, 19.9))
    assert not exceeded(windows, seen(sandbox, 20))
    count(windows, seen(sandbox, 20))
    assert [*sandbox.calls] == [11, 12, 20]
    count(windows, seen(sandbox, 30))
    assert [*sandbox.calls] == [30]
