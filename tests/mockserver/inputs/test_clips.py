"""Clips are MP4 files that depend on their pictures alone; a browser test plays them."""

from struct import unpack_from

from PIL import Image

from safelight_mock.inputs.made_files import make_file
from safelight_mock.wire.messages import MadeFile

CLIP = MadeFile(media_type="video/mp4", label="job 1", width=64, height=36, seconds=5.0, filename="a.mp4")


def test_a_clip_is_an_mp4_file_of_av1_video_with_its_duration() -> None:
    file = make_file(CLIP)

    movie, handler = file.index(b"mvhd"), file.index(b"hdlr", file.index(b"moov"))
    timescale, duration = unpack_from(">IQ", file, movie + 24)
    assert file[4:12] == b"ftypisom"
    assert file[handler + 12 : handler + 16] == b"vide"
    assert b"av01" in file[file.index(b"stsd") :]
    assert duration / timescale == 5.0


def test_a_clip_has_no_time_of_its_own() -> None:
    first, again = make_file(CLIP), make_file(CLIP)

    assert first == again
    assert unpack_from(">QQ", first, first.index(b"mvhd") + 8) == (0, 0)


def test_a_clip_is_no_sequence_of_images_any_more() -> None:
    file = make_file(CLIP)

    assert not [name for name in (b"avis", b"avif", b"meta", b"edts") if name in file[: file.index(b"mdat")]]
    assert Image.registered_extensions()[".avif"] == "AVIF"  # what it is encoded by
