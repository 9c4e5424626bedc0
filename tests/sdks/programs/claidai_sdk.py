"""Edits by the third-party client claidai, whose host is hard-coded."""

from claidai import Claid
from claidai.exceptions import ClaidAuthError, ClaidError
from harness import FOLDER, KEY, error_of, report

PHOTOGRAPH = FOLDER / "photograph.jpg"

claid = Claid(KEY)
cutout = claid.remove_bg(PHOTOGRAPH)
saved = cutout.save(FOLDER / "cutout.png").read_bytes()
large = claid.upscale(PHOTOGRAPH, scale="200%")
refused = error_of(lambda: Claid("invalid").remove_bg(PHOTOGRAPH))
assert isinstance(refused, ClaidAuthError), refused
wrong = error_of(lambda: claid.resize(PHOTOGRAPH, width=-1))
assert isinstance(wrong, ClaidError)

report(
    link=cutout.tmp_url,
    is_png=saved.startswith(b"\x89PNG"),
    sizes=[large.input_meta.width, large.output_meta.width],
    wrong=str(wrong),
)
