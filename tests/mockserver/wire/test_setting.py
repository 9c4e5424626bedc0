"""A setting reads a value, typed or as text."""

import pytest

from safelight_mock.wire import Setting
from safelight_mock.wire.setting import HOST, Plain


@pytest.mark.parametrize(
    ("setting", "value", "read"),
    [
        (Setting(default=1, about="", most=3), "3", 3),
        (Setting(default=1.0, about="", least=0.5), "0.5", 0.5),
        (Setting(default=False, about=""), "true", True),
        (Setting(default="a", about="", choices=("a", "b")), "b", "b"),
        (Setting(default=None, kind=float, about=""), "24", 24.0),
        (HOST, "api.example.com", "api.example.com"),
        (HOST, "", ""),
    ],
)
def test_a_setting_is_read_typed_or_as_text(setting: Setting, value: Plain, read: Plain) -> None:
    assert setting.read(value) == read
    assert setting.read(read) == read


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        (Setting(default=1, about=""), "many", "^'many' is not a whole number$"),
        (Setting(default=None, kind=float, about=""), "many", "^'many' is not a number$"),
        (Setting(default=1, about="", most=3), 4, "^4 is not between 0 and 3$"),
        (Setting(default=1.0, about="", least=0.5), 0.4, r"^0.4 is not between 0.5 and 1e\+09$"),
        (Setting(default="a", about="", choices=("a", "b")), "c", "^'c' is not one of a, b$"),
        (HOST, "https://api.example.com", "^'https://api.example.com' is not a host; "),
    ],
)
def test_an_invalid_value_is_named(setting: Setting, value: Plain, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        setting.read(value)
