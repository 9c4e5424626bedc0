"""A mutant that no test detects is identified by its change, and needs a reason."""

import json
from pathlib import Path

from mutation.survivors import listed, outcomes, unexplained
from mutation.sweep import HEAD, LISTED, Sweep, with_table

MODULE = """
class Lamp:
    def xǁLampǁshine__mutmut_orig(self, much: int) -> int: # type: ignore # mutmut generated
        return much + 1 # type: ignore # mutmut generated
    def xǁLampǁshine__mutmut_1(self, much: int) -> int: # type: ignore # mutmut generated
        return much - 1 # type: ignore # mutmut generated
    def xǁLampǁshine__mutmut_2(self, much: int) -> int: # type: ignore # mutmut generated
        return much + 2 # type: ignore # mutmut generated
def x_dim__mutmut_orig(much: int = 3) -> int: # type: ignore # mutmut generated
    return much # type: ignore # mutmut generated
def x_dim__mutmut_1(much: int = 4) -> int: # type: ignore # mutmut generated
    return much # type: ignore # mutmut generated
def x_dim__mutmut_2(much: int = 3) -> int: # type: ignore # mutmut generated
    return None # type: ignore # mutmut generated
"""
CODES = {
    "safelight_mock.core.lamp.xǁLampǁshine__mutmut_1": 1,  # noticed
    "safelight_mock.core.lamp.xǁLampǁshine__mutmut_2": 0,  # survived
    "safelight_mock.core.lamp.x_dim__mutmut_1": 33,  # no test reaches it
    "safelight_mock.core.lamp.x_dim__mutmut_2": 36,  # no end
}
SHINE = "core.lamp.Lamp.shine: return much + {1 => 2}"
DIM = "core.lamp.dim: def dim(much: int = {3 => 4}) -> int:"


def test_a_survivor_is_identified_by_its_function_and_lines(tmp_path: Path) -> None:
    (tmp_path / "lamp.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "lamp.py.meta").write_text(json.dumps({"exit_code_by_key": CODES}), encoding="utf-8")

    assert outcomes(tmp_path / "lamp.py.meta") == (4, [SHINE, DIM])


def test_a_survivor_needs_a_reason_and_a_reason_its_survivor() -> None:
    assert [*unexplained([SHINE], {SHINE: "nobody sees it"})] == []
    assert [*unexplained([SHINE], {DIM: "nobody sees it"})] == [
        f"survived without a reason: {SHINE}",
        f"listed as a survivor, but noticed: {DIM}",
    ]


def test_all_survivors_of_a_form_are_accepted_by_one_entry(tmp_path: Path) -> None:
    (tmp_path / "survivors.toml").write_text(
        f"""
        [[survivors]]
        reason = "nobody sees it"
        changes = ["{SHINE}"]

        [[survivors]]
        reason = "it is only a default"
        forms = ["*: def *: int = {{* => *"]
        """,
        encoding="utf-8",
    )

    accepted = listed(tmp_path / "survivors.toml")

    assert accepted.reasons == {SHINE: "nobody sees it"}
    assert [accepted.has_form(change) for change in (SHINE, DIM)] == [False, True]


def test_every_listed_survivor_has_a_reason_and_is_listed_once() -> None:
    text, accepted = LISTED.read_text(encoding="utf-8"), listed(LISTED)
    changes = [*accepted.reasons, *accepted.forms]

    assert all(len(why.split()) > 3 for why in (*accepted.reasons.values(), *accepted.forms.values()))
    assert text.count(" => ") == sum(change.count(" => ") for change in changes)
    assert [change for change in accepted.reasons if accepted.has_form(change)] == []


def test_modules_are_summed_up() -> None:
    sweep = Sweep(
        made={"core/lamp.py": 4, "core/room.py": 6}, survivors={"core/lamp.py": [DIM], "core/room.py": []}
    )

    assert sweep.table("core").splitlines() == [
        "| `core/lamp.py` | 4 | 3 | 75.0 % |",
        "| `core/room.py` | 6 | 6 | 100.0 % |",
        "| **core** | 10 | 9 | 90.0 % |",
    ]


def test_a_sweep_of_one_part_replaces_the_table_of_that_part_only() -> None:
    before = with_table(with_table("", "wire", "wire\n\nold\n"), "core", "core\n\nold\n")

    after = with_table(before, "wire", "wire\n\nnew\n")

    assert before == f"{HEAD}\n## core\n\nold\n\n## wire\n\nold\n"
    assert after == f"{HEAD}\n## core\n\nold\n\n## wire\n\nnew\n"
