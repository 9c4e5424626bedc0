"""Files made of nothing: labelled test cards, tiny clips, tones, texts; the same for the same description.

A clip is an MP4 file of AV1 video (`clips`).
"""

import wave
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from math import ceil

import msgspec
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from safelight_mock.inputs.clips import clip
from safelight_mock.wire.messages import MadeFile

PICTURES: Mapping[str, str] = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
    "image/gif": "GIF",
}
RATE = 8_000  # samples of a tone in a second
VOLUME = 6_000  # of 32,767
MP3_FRAME = b"\xff\xfb\x10\xc4" + bytes(
    100
)  # MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono: 104 bytes of silence
MP3_SECONDS = 1152 / 44_100  # that a frame lasts
FRAMES = 4  # pictures of a clip in a second
CLIP_SIDE = 640  # pixels of the longer side of a clip
BARS = 8


def make_file(file: MadeFile) -> bytes:
    """Return the bytes of a file."""
    media_type = file.media_type.partition(";")[0].strip().lower()
    if media_type in PICTURES:
        return _encoded(labelled_card(file.label, file.width, file.height), PICTURES[media_type])
    made = MAKERS.get(media_type) or MAKERS.get(media_type.partition("/")[0]) or _text
    return made(file)


def labelled_card(label: str, width: int, height: int, mark: float = 0.0) -> Image.Image:
    """Return a picture of coloured bars with a label; `mark`, 0 to 1, moves a line across it."""
    chance = np.random.default_rng(list(sha256(label.encode()).digest()))
    bars = chance.integers(60, 230, (1, BARS, 3)).astype(np.uint8)
    card = Image.fromarray(bars).resize((width, height), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(card)
    size = max(10, min(width // max(len(label), 1) * 3 // 2, height // 6))
    font = ImageFont.load_default(size)
    left, top, right, bottom = draw.textbbox((0, 0), label, font=font)
    at = ((width - right + left) / 2, (height - bottom + top) / 2)
    draw.rectangle(
        (at[0] - size / 2, at[1] - size / 2, at[0] + right + size / 2, at[1] + bottom + size / 2), "black"
    )
    draw.text(at, label, "white", font=font)
    draw.line((mark * width, 0, mark * width, height), "white", max(1, width // 200))
    return card


def _encoded(picture: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    picture.save(file, kind)
    return file.getvalue()


def _clip(file: MadeFile) -> bytes:
    scale = min(1.0, CLIP_SIDE / max(file.width, file.height, 1))
    width, height = (max(16, round(side * scale) // 2 * 2) for side in (file.width, file.height))
    count = max(2, ceil(file.seconds * FRAMES))
    return clip([labelled_card(file.label, width, height, n / count) for n in range(count)], FRAMES)


def _tone(file: MadeFile) -> bytes:
    """Return a WAV file whose pitch depends on the label."""
    pitch = 220 + sha256(file.label.encode()).digest()[0] * 2
    times = np.arange(int(file.seconds * RATE)) / RATE
    samples = (np.sin(2 * np.pi * pitch * times) * VOLUME).astype("<i2")
    sound = BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(samples.tobytes())
    return sound.getvalue()


def _mp3(file: MadeFile) -> bytes:
    """Return silence with the label as its title (ID3v2.3): an encoder is not at hand."""
    text = b"\x00" + file.label.encode("latin-1", "replace")
    frame = b"TIT2" + len(text).to_bytes(4, "big") + b"\x00\x00" + text
    size = bytes((len(frame) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frame + MP3_FRAME * ceil(file.seconds / MP3_SECONDS)


def _text(file: MadeFile) -> bytes:
    return f"{file.label}\n".encode()


def _vtt(file: MadeFile) -> bytes:
    return f"WEBVTT\n\n00:00.000 --> 00:02.000\n{file.label}\n".encode()


def _srt(file: MadeFile) -> bytes:
    return f"1\n00:00:00,000 --> 00:00:02,000\n{file.label}\n".encode()


def _csv(file: MadeFile) -> bytes:
    return f"step,value\n1,{file.label}\n".encode()


def _json(file: MadeFile) -> bytes:
    return msgspec.json.encode({"id": file.label})


def _json_lines(file: MadeFile) -> bytes:
    return _json(file) + b"\n"


def _pdf(file: MadeFile) -> bytes:
    return _encoded(labelled_card(file.label, max(file.width, 64), max(file.height, 64)), "PDF")


MAKERS: Mapping[str, Callable[[MadeFile], bytes]] = {
    "image": lambda file: _encoded(labelled_card(file.label, file.width, file.height), "PNG"),
    "video": _clip,
    "audio": _tone,
    "audio/mpeg": _mp3,
    "audio/mp3": _mp3,
    "text/vtt": _vtt,
    "application/x-subrip": _srt,
    "text/csv": _csv,
    "application/json": _json,
    "application/jsonl": _json_lines,
    "application/pdf": _pdf,
}
