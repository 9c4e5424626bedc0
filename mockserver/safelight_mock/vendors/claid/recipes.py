"""How a Claid result is made: operations turned into steps on pixels. The effects imitate; they are ours.

An edit that clips begins with the cut. The other steps come in the order in which the vendor's document lists
the operations; the picture is enlarged where it is resized. What would be a hint to a neural network
(`category`, `selective`) does nothing here.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from safelight_mock.core.aspect_fit import Box
from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Encoding, Format, Picture, Recipe, Step
from safelight_mock.vendors.claid.edits import Edit, Options, edit_of, named
from safelight_mock.vendors.claid.sizes import Margins, framed, inside, margins, output_of
from safelight_mock.wire.messages import JSON

Settings = Mapping[str, str | int | float | bool]

DECOMPRESS: Mapping[str, float] = {"moderate": 0.5, "strong": 1.0}
BLOCKY = 0.1  # share of the grid's steps from which on "auto" thinks that a picture needs it
DEFLATE: Mapping[str, int] = {"fast": 1, "optimal": 6, "best": 9}
LEVELS: Mapping[str, float] = {"low": 0.3, "medium": 0.6, "high": 1.0}
OWN, WHITE = "own", "#ffffff"  # colours of a ground
FULL = 100  # of what goes to a hundred
SKIN = 0.01  # share of skin-coloured pixels from which there may be a face

# What each kind of upscaling does beside enlarging: steps before, and three after.
CLEANING: Mapping[str, Mapping[str, float]] = {
    "smart_enhance": {"deblock": 0.5, "denoise": 0.4},
    "digital_art": {"denoise": 0.6},
    "photo 2": {"denoise": 0.25},
    "photo 3": {"denoise": 0.5},
}
SHARPNESS: Mapping[str, float] = {
    "smart_enhance": 0.5,
    "smart_resize": 0.25,
    "faces": 0.2,
    "digital_art": 0.8,
    "photo 1": 0.3,
    "photo 2": 0.35,
    "photo 3": 0.5,
}
TEXTURE: Mapping[str, float] = {"smart_enhance": 0.4, "photo 2": 0.3, "photo 3": 0.7}
FACES: Mapping[str, float] = {"faces": 0.9}


def recipe(job: Job, look: Inspection) -> Recipe:
    """Return how the result of an edit is made."""
    edit, output = edit_of(job), output_of(job, look)
    steps = (
        *_clipping(look.subject),
        *_restorations(edit.restorations, look),
        *_adjustments(edit.adjustments),
        *_background(edit, look),
        *_sizing(edit, framed(job, look), output),
        *_finish(_upscale(edit.restorations), look),
        *_privacy(edit.privacy),
        *_style(edit.style, job),
    )
    return Recipe(steps=steps, output=output, encoding=encoding(edit, look))


def _restorations(asked: Options, look: Inspection) -> Iterator[Step]:
    yield from _step("deblock", strength=_decompress(asked.get("decompress"), look))
    if asked.get("polish"):
        yield from _step("denoise", strength=0.3)
        yield from _step("levels", amount=0.5)
        yield from _step("sharpen", amount=0.3)
    for name, strength in CLEANING.get(_upscale(asked), {}).items():
        yield from _step(name, strength=strength)


def _decompress(asked: str | None, look: Inspection) -> float:
    if asked != "auto":
        return DECOMPRESS.get(asked or "", 0.0)
    shown = look.measures.get("blockiness", 0.0)
    return min(1.0, 2 * shown) if shown > BLOCKY else 0.0


def _upscale(asked: Options) -> str:
    """Return the kind of enlargement; of photographs with its version, for which the second stands in."""
    told = named(asked.get("upscale") or "")
    return f"photo {told.get('version', '2')}" if told["type"] == "photo" else str(told["type"])


def _adjustments(asked: Options) -> Iterator[Step]:
    told = asked.get("hdr", 0)
    hdr = {"intensity": told} if isinstance(told, int) else {"intensity": FULL, **told}
    yield from _step("hdr", amount=hdr["intensity"] / FULL, seamless=hdr.get("stitching", False))
    exposure, contrast, saturation = (
        asked.get(name, 0) / FULL for name in ("exposure", "contrast", "saturation")
    )
    if exposure:
        yield Step(name="light", settings={"exposure": exposure})
    if contrast or saturation:
        yield Step(name="adjust", settings={"contrast": contrast, "saturation": saturation})
    yield from _step("sharpen", amount=asked.get("sharpness", 0) / FULL)


def _clipping(box: Box | None) -> Iterator[Step]:
    """Cut the subject out first: all that follows takes that for the input."""
    if box is not None:
        yield Step(name="backdrop", settings={"remove": True, "colour": "transparent"})
        yield Step(name="crop", settings=box._asdict())


def _background(edit: Edit, look: Inspection) -> Iterator[Step]:
    removal, blur = edit.removal, edit.blur
    if removal is None and blur is not None:
        settings: Settings = {
            "strength": LEVELS[str(blur.get("level", "medium"))],
            "kind": str(blur.get("type", "regular")),
        }
        yield Step(name="defocus", settings=settings)
    if removal is not None or "color" in edit.background:
        is_cut = look.subject is not None
        colour = WHITE if is_cut and _is_white(edit, look) else _colour(edit)
        ground: Settings = {"remove": removal is not None and not is_cut, "colour": colour}
        yield Step(name="backdrop", settings=ground)


def _is_white(edit: Edit, look: Inspection) -> bool:
    """Tell whether the ground is white by default: it is (documented) unless the input has alpha."""
    return _colour(edit) == OWN and not look.measures.get("alpha")


def _colour(edit: Edit) -> str:
    """Return the ground's colour as steps know it."""
    told = str(edit.background.get("color", OWN)).lower()
    if told in (OWN, "transparent"):
        return told
    digits = told.removeprefix("#")
    return f"#{digits}" if len(digits) == len("rrggbb") else f"#{''.join(2 * digit for digit in digits)}"


def _sizing(edit: Edit, source: Picture, output: Picture) -> Iterator[Step]:
    """Bring the picture to its size, then between its margins."""
    size = {"width": output.width, "height": output.height}
    around = margins(edit, (output.width, output.height))
    yield from _resize(edit, source, size)
    if around != Margins():
        sides = {name: getattr(around, name) for name in ("top", "right", "bottom", "left")}
        yield Step(name="canvas", settings={**size, "background": _colour(edit), **sides})


def _resize(edit: Edit, source: Picture, size: Mapping[str, int]) -> Iterator[Step]:
    fit = edit.fit
    own = {"width": source.width, "height": source.height}
    if own == size:
        return
    match fit["type"]:
        case "canvas":
            yield Step(name="canvas", settings={**size, "background": _colour(edit)})
        case "outpaint":
            yield _outpaint(edit, source, size)
        case "crop" if fit.get("crop") == "smart":
            yield Step(name="smart_crop", settings=size)
        case "crop":
            yield Step(name="resize", settings={**size, "fit": "crop"})
        case _:
            yield Step(name="resize", settings={**size, "fit": "stretch"})


def _outpaint(edit: Edit, source: Picture, size: Mapping[str, int]) -> Step:
    width, height = inside(edit, source)
    feathering = int(edit.fit.get("feathering", "15%").removesuffix("%")) / FULL
    within = {"inside_width": width, "inside_height": height, "feathering": feathering}
    return Step(name="outpaint", settings={**size, **within})


def _finish(upscale: str, look: Inspection) -> Iterator[Step]:
    texture = TEXTURE.get(upscale, 0.0)
    if texture:
        yield Step(name="invent", settings={"creativity": texture / 4, "texture": texture, "seed": 1})
    if look.measures.get("skin", 0.0) > SKIN:
        yield from _step("faces", strength=FACES.get(upscale, 0.0))
    yield from _step("sharpen", amount=SHARPNESS.get(upscale, 0.0))


def _privacy(asked: Options) -> Iterator[Step]:
    if asked.get("blur_car_plate"):
        yield Step(name="hide_plates")
    if asked.get("identity_crop"):
        yield Step(name="hide_faces")


def _style(asked: Options, job: Job) -> Iterator[Step]:
    """Move colours towards the reference; a prompt makes detail up, another one for another prompt."""
    if not asked:
        return
    denoising = asked.get("denoising_strength", 0.75)
    settings = {
        "reference": job.others[0],
        "style": asked.get("style_strength", 0.75),
        "colour": denoising,
        "shape": asked.get("depth_strength", 1),
    }
    yield Step(name="restyle", settings=settings)
    if asked.get("prompt"):
        seed = int.from_bytes(blake2b(asked["prompt"].encode(), digest_size=4).digest())
        yield Step(name="invent", settings={"creativity": denoising, "texture": 0, "seed": seed})


def _step(name: str, **settings: JSON) -> list[Step]:
    """Return a step; none if it would do nothing."""
    effort = settings.get("strength", settings.get("amount"))
    return [Step(name=name, settings=settings)] if effort else []


def encoding(edit: Edit, look: Inspection) -> Encoding:
    """Return how the result is written to its file; qualities that are not named are the documented ones."""
    told, compression = edit.format, named(edit.format.get("compression") or _usual(edit.file))
    is_lossy = compression["type"] == "lossy"
    return Encoding(
        quality=told.get("quality", 85) if edit.file is Format.JPEG else compression.get("quality"),
        lossless=not is_lossy,
        progressive=told.get("progressive", True),
        deflate=DEFLATE.get(compression["type"], 6),
        dpi=edit.metadata.get("dpi"),
        cmyk=_is_inked(edit, look),
    )


def _is_inked(edit: Edit, look: Inspection) -> bool:
    """Tell whether a result is in CMYK: as asked, or else (documented) as its input is."""
    asked = edit.metadata.get("color_space")
    return named(asked)["type"] == "CMYK" if asked else bool(look.measures.get("inks"))


def _usual(file: Format) -> str:
    return {Format.PNG: "optimal", Format.TIFF: "lossless"}.get(file, "lossy")
