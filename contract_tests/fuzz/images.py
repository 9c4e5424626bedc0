"""Images to send, intact and damaged, and a check of every image that is returned."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from PIL import Image
from schemathesis.core import Body
from schemathesis.transport import register_serializer
from schemathesis.transport.requests import REQUESTS_TRANSPORT
from schemathesis.transport.serialization import Binary

from contract_tests.fuzz.document import ADDRESS, Json

# Small, so that thousands are quick; portrait, landscape and square, so that sizes that are left open differ.
SIZES: Final = ((32, 32), (48, 32), (24, 40))
FORMATS: Final = ("jpeg", "png", "tiff", "webp")
FORM: Final = "multipart/form-data"


def _drawn(format_: str, size: tuple[int, int]) -> bytes:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    written = BytesIO()
    picture.save(written, format_)
    return written.getvalue()


# By their names: schemathesis deals in these, for it can hold texts against schemas, but not bytes.
WHOLE: Final[Mapping[str, bytes]] = {
    f"{width}x{height}.{format_}": _drawn(format_, (width, height))
    for format_ in FORMATS
    for width, height in SIZES
}
DAMAGED: Final[Mapping[str, bytes]] = {
    **{f"torn-{name}": picture[: len(picture) * 2 // 3] for name, picture in WHOLE.items()},
    "empty.jpeg": b"",
    "text.jpeg": b"no picture at all",
}
PICTURES: Final = {**WHOLE, **DAMAGED}
# Mostly samples: a picture that is made up takes the twin a tenth of a second.
ADDRESSES: Final = (
    *("safelight://chelsea.jpg", "safelight://coffee.jpg") * 3,
    "https://pictures.example/sea.webp",
)


@cache
def register() -> None:
    """Register strategies, media types and deserializers of images, for this process."""
    whole = st.sampled_from([*WHOLE])
    schemathesis.openapi.format(ADDRESS, st.sampled_from(ADDRESSES))
    schemathesis.openapi.format("binary", st.one_of(whole, whole, whole, st.sampled_from([*DAMAGED])))
    schemathesis.deserializer("image/*")(_decoded)
    actual = REQUESTS_TRANSPORT.get_first_matching_media_type(FORM)
    assert actual, "schemathesis sends no forms"
    _, as_form = actual

    def with_pictures(context: schemathesis.SerializationContext, body: Body) -> dict[str, Any]:
        return as_form(context, {**body, **_sent(body)} if isinstance(body, dict) else body)

    register_serializer(with_pictures, FORM)


def _decoded(_context: schemathesis.DeserializationContext, response: schemathesis.Response) -> Json:
    """Decode a received image completely; its properties are validated by the document."""
    try:
        with Image.open(BytesIO(response.content)) as picture:
            picture.load()
            return {
                "media_type": picture.get_format_mimetype(),
                "width": picture.width,
                "height": picture.height,
            }
    except OSError as error:
        raise ValueError(f"the picture is not whole: {error}") from error


def _sent(body: Mapping[str, object]) -> dict[str, Binary]:
    return {
        name: Binary(PICTURES[text])
        for name, text in body.items()
        if isinstance(text, str) and text in PICTURES
    }
