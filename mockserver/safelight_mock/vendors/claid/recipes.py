"""How a Claid result is made: operations turned into steps on pixels. The effects imitate; they are ours.

A clipped edit begins with the crop. The other steps have the order in which the vendor's document lists the
operations; upscaling happens where the image is resized. Hints to neural networks (`category`, `selective`)
have no effect.
"""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from safelight_mock.core.aspect_fit import Box
from safelight_mock.core.job import Inspection, Job
from safelight_mock.core.picture import Encoding, Format, Picture, Recipe, RecipeStep
from safelight_mock.vendors.claid.edits import Edit, EditOptions, edit_of, named
from safelight_mock.vendors.claid.sizes import Margins, framed, inside, margins, output_of
from safelight_mock.wire.messages import JSON

StepSettings = Mapping[str, str | int | float | bool]

DECOMPRESS: Mapping[str, float] = {"moderate": 0.5, "strong": 1.0}
BLOCKY = 0.1  # blockiness from which "auto" deblocks
DEFLATE: Mapping[str, int] = {"fast": 1, "optimal": 6, "best": 9}
LEVELS: Mapping[str, float] = {"low": 0.3, "medium": 0.6, "high": 1.0}
OWN, WHITE = "own", "#ffffff"  # colours of a background
FULL = 100  # of percentages
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


def recipe(job: Job, inspection: Inspection) -> Recipe:
    """Return how the result of an edit is made."""
    edit, output = edit_of(job), output_of(job, inspection)
    steps = (
        *_clipping(inspection.subject),
        *_restorations(edit.restorations, inspection),
        *_adjustments(edit.adjustments),
        *_background(edit, inspection),
        *_sizing(edit, framed(job, inspection), output),
        *_finish(_upscale(edit.restorations), inspection),
        *_privacy(edit.privacy),
        *_style(edit.style, job),
    )
    return Recipe(steps=steps, output=output, encoding=encoding(edit, inspection))


def _restorations(restorations: EditOptions, inspection: Inspection) -> Iterator[RecipeStep]:
    yield from _step("deblock", strength=_decompress(restorations.get("decompress"), inspection))
    if restorations.get("polish"):
        yield from _step("denoise", strength=0.3)
        yield from _step("levels", amount=0.5)
        yield from _step("sharpen", amount=0.3)
    for name, strength in CLEANING.get(_upscale(restorations), {}).items():
        yield from _step(name, strength=strength)


def _decompress(level: str | None, inspection: Inspection) -> float:
    if level != "auto":
        return DECOMPRESS.get(level or "", 0.0)
    blockiness = inspection.measures.get("blockiness", 0.0)
    return min(1.0, 2 * blockiness) if blockiness > BLOCKY else 0.0


def _upscale(restorations: EditOptions) -> str:
    """Return the type of upscaling; for photographs with its version, by default 2."""
    upscale = named(restorations.get("upscale") or "")
    return f"photo {upscale.get('version', '2')}" if upscale["type"] == "photo" else str(upscale["type"])


def _adjustments(adjustments: EditOptions) -> Iterator[RecipeStep]:
    chosen = adjustments.get("hdr", 0)
    hdr = {"intensity": chosen} if isinstance(chosen, int) else {"intensity": FULL, **chosen}
    yield from _step("hdr", amount=hdr["intensity"] / FULL, seamless=hdr.get("stitching", False))
    exposure, contrast, saturation = (
        adjustments.get(name, 0) / FULL for name in ("exposure", "contrast", "saturation")
    )
    if exposure:
        yield RecipeStep(name="light", settings={"exposure": exposure})
    if contrast or saturation:
        yield RecipeStep(name="adjust", settings={"contrast": contrast, "saturation": saturation})
    yield from _step("sharpen", amount=adjustments.get("sharpness", 0) / FULL)


def _clipping(box: Box | None) -> Iterator[RecipeStep]:
    """Crop to the subject first: it is the input of all other steps."""
    if box is not None:
        yield RecipeStep(name="backdrop", settings={"remove": True, "colour": "transparent"})
        yield RecipeStep(name="crop", settings=box._asdict())


def _background(edit: Edit, inspection: Inspection) -> Iterator[RecipeStep]:
    removal, blur = edit.removal, edit.blur
    if removal is None and blur is not None:
        settings: StepSettings = {
            "strength": LEVELS[str(blur.get("level", "medium"))],
            "kind": str(blur.get("type", "regular")),
        }
        yield RecipeStep(name="defocus", settings=settings)
    if removal is not None or "color" in edit.background:
        is_cut = inspection.subject is not None
        colour = WHITE if is_cut and _is_white(edit, inspection) else _colour(edit)
        backdrop: StepSettings = {"remove": removal is not None and not is_cut, "colour": colour}
        yield RecipeStep(name="backdrop", settings=backdrop)


def _is_white(edit: Edit, inspection: Inspection) -> bool:
    """Return whether the background is white by default (documented): unless the input has alpha."""
    return _colour(edit) == OWN and not inspection.measures.get("alpha")


def _colour(edit: Edit) -> str:
    """Return the background colour in the form of steps: #rrggbb, own or transparent."""
    colour = str(edit.background.get("color", OWN)).lower()
    if colour in (OWN, "transparent"):
        return colour
    digits = colour.removeprefix("#")
    return f"#{digits}" if len(digits) == len("rrggbb") else f"#{''.join(2 * digit for digit in digits)}"


def _sizing(edit: Edit, source: Picture, output: Picture) -> Iterator[RecipeStep]:
    """Resize the image, then add its margins."""
    size = {"width": output.width, "height": output.height}
    around = margins(edit, (output.width, output.height))
    yield from _resize(edit, source, size)
    if around != Margins():
        sides = {name: getattr(around, name) for name in ("top", "right", "bottom", "left")}
        yield RecipeStep(name="canvas", settings={**size, "background": _colour(edit), **sides})


def _resize(edit: Edit, source: Picture, size: Mapping[str, int]) -> Iterator[RecipeStep]:
    fit = edit.fit
    own = {"width": source.width, "height": source.height}
    if own == size:
        return
    match fit["type"]:
        case "canvas":
            yield RecipeStep(name="canvas", settings={**size, "background": _colour(edit)})
        case "outpaint":
            yield _outpaint(edit, source, size)
        case "crop" if fit.get("crop") == "smart":
            yield RecipeStep(name="smart_crop", settings=size)
        case "crop":
            yield RecipeStep(name="resize", settings={**size, "fit": "crop"})
        case _:
            yield RecipeStep(name="resize", settings={**size, "fit": "stretch"})


def _outpaint(edit: Edit, source: Picture, size: Mapping[str, int]) -> RecipeStep:
    width, height = inside(edit, source)
    feathering = int(edit.fit.get("feathering", "15%").removesuffix("%")) / FULL
    within = {"inside_width": width, "inside_height": height, "feathering": feathering}
    return RecipeStep(name="outpaint", settings={**size, **within})


def _finish(upscale: str, inspection: Inspection) -> Iterator[RecipeStep]:
    texture = TEXTURE.get(upscale, 0.0)
    if texture:
        yield RecipeStep(name="invent", settings={"creativity": texture / 4, "texture": texture, "seed": 1})
    if inspection.measures.get("skin", 0.0) > SKIN:
        yield from _step("faces", strength=FACES.get(upscale, 0.0))
    yield from _step("sharpen", amount=SHARPNESS.get(upscale, 0.0))


def _privacy(privacy: EditOptions) -> Iterator[RecipeStep]:
    if privacy.get("blur_car_plate"):
        yield RecipeStep(name="hide_plates")
    if privacy.get("identity_crop"):
        yield RecipeStep(name="hide_faces")


def _style(style: EditOptions, job: Job) -> Iterator[RecipeStep]:
    """Transfer colours of the reference; a prompt adds invented detail, seeded by its text."""
    if not style:
        return
    denoising = style.get("denoising_strength", 0.75)
    settings = {
        "reference": job.others[0],
        "style": style.get("style_strength", 0.75),
        "colour": denoising,
        "shape": style.get("depth_strength", 1),
    }
    yield RecipeStep(name="restyle", settings=settings)
    if style.get("prompt"):
        seed = int.from_bytes(blake2b(style["prompt"].encode(), digest_size=4).digest())
        yield RecipeStep(name="invent", settings={"creativity": denoising, "texture": 0, "seed": seed})


def _step(name: str, **settings: JSON) -> list[RecipeStep]:
    """Return a step; none if it would do nothing."""
    effort = settings.get("strength", settings.get("amount"))
    return [RecipeStep(name=name, settings=settings)] if effort else []


def encoding(edit: Edit, inspection: Inspection) -> Encoding:
    """Return the encoding of the result; absent qualities are the documented defaults."""
    format_, compression = edit.format, named(edit.format.get("compression") or _usual(edit.file))
    is_lossy = compression["type"] == "lossy"
    return Encoding(
        quality=format_.get("quality", 85) if edit.file is Format.JPEG else compression.get("quality"),
        lossless=not is_lossy,
        progressive=format_.get("progressive", True),
        deflate=DEFLATE.get(compression["type"], 6),
        dpi=edit.metadata.get("dpi"),
        cmyk=_is_inked(edit, inspection),
    )


def _is_inked(edit: Edit, inspection: Inspection) -> bool:
    """Return whether a result is in CMYK: as requested, by default like its input (documented)."""
    color_space = edit.metadata.get("color_space")
    return named(color_space)["type"] == "CMYK" if color_space else bool(inspection.measures.get("inks"))


def _usual(file: Format) -> str:
    return {Format.PNG: "optimal", Format.TIFF: "lossless"}.get(file, "lossy")
