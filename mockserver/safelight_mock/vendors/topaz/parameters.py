"""Settings of Topaz's models: which model has which, their ranges, and what Autopilot chooses.

Names and ranges are documented (1.0.0, and later on the model pages). The effect of a value, and what
Autopilot chooses, are ours.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import msgspec

from safelight_mock.vendors.topaz.products import INPUTS, PRODUCTS, Product
from safelight_mock.wire.messages import JSON, Request
from safelight_mock.wire.problem import VendorError

LONGEST_PROMPT = 1024  # documented, in characters
NAMES = 1_000  # of fields, that are remembered as they are in snake_case
CAST = 0.02  # colour cast from which Autopilot corrects it
SUBJECTS = ("All", "Foreground", "Background")
UNKNOWN_SUBJECT = (
    f'parameter "subject_detection" must be one of [{" ".join(SUBJECTS)}]'  # observed, word by word
)


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """The range of a numeric setting."""

    least: float
    most: float
    whole: bool = False

    def read(self, value: JSON) -> float | None:
        """Read a value; None if it is out of range or not a number."""
        try:
            number = int(value) if self.whole else float(value)
        except (TypeError, ValueError):
            return None
        return number if self.least <= number <= self.most else None


UNIT = Range(least=0, most=1)
SOME = Range(least=0.01, most=1)
SIGNED = Range(least=-1, most=1)  # ours: no ranges are published for light

RANGES: Mapping[str, Range] = {
    "denoise": UNIT,
    "sharpen": UNIT,
    "fix_compression": UNIT,
    "strength": SOME,
    "minor_deblur": SOME,
    "minor_denoise": SOME,
    "denoise_strength": UNIT,
    "original_detail": UNIT,
    "detail": UNIT,
    "focus_boost": Range(least=0.25, most=1),
    "creativity": Range(least=1, most=6, whole=True),
    "texture": Range(least=1, most=5, whole=True),
    "exposure": SIGNED,
    "highlight": SIGNED,
    "shadow": SIGNED,
    "face_enhancement_creativity": UNIT,
    "face_enhancement_strength": UNIT,
}
SWITCHES = frozenset({"face_enhancement", "color_correction"})
# Documented of the creativity in 1.0.0: ignored if faces are not enhanced. Of the strength, assumed.
FACES_ONLY = frozenset({"face_enhancement_creativity", "face_enhancement_strength"})

ALWAYS = frozenset({*INPUTS, "model", "output_format", "webhook_url"})  # fields that each operation reads
SIZED = ALWAYS | {"output_width", "output_height", "crop_to_fill"}  # and each one with an output size

FACES = ("face_enhancement", "face_enhancement_creativity", "face_enhancement_strength", "subject_detection")
CLASSIC = ("denoise", "sharpen", "fix_compression", *FACES)
FOCUS = ("strength", "minor_denoise", *FACES)

FACE_DEFAULTS: Mapping[str, JSON] = {  # documented: in 1.0.0, strength and subject in 1.1.0
    "face_enhancement": True,
    "face_enhancement_creativity": 0.0,
    "face_enhancement_strength": 0.8,
    "subject_detection": "All",
}

# Settings by model; those of the first of a category apply to unlisted models.
SUPPORTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Enhance GAN": {
        "Standard V2": CLASSIC,
        "Low Resolution V2": CLASSIC,
        "CGI": ("denoise", "sharpen", *FACES),
        "High Fidelity V2": CLASSIC,
        "Text Refine": CLASSIC,
    },
    "Enhance Gen": {
        "Redefine": ("prompt", "creativity", "texture", "denoise", "sharpen", *FACES),
        "Recovery": FACES,
        "Recovery V2": FACES,
        "Standard MAX": FACES,
        "Wonder": FACES,
    },
    "Sharpen GAN": {"Standard": FOCUS, "Lens Blur V2": (*FOCUS, "denoise_strength")},
    "Sharpen Gen": {"Super Focus V2": ("detail", "focus_boost")},
    "Denoise GAN": {"Normal": ("strength", "minor_deblur", "original_detail", *FACES)},
    "Lighting GAN": {
        "Adjust": ("color_correction",),
        "Adjust V2": ("exposure", "highlight", "shadow"),
        "White Balance": (),
        "Colorize": (),
    },
    "Restore Gen": {"Dust-Scratch": ()},
    "Matting GAN": {"Object": ("mode",)},
    "Tool GAN": {"Transparency Upscale": ()},
}


def models(product: Product) -> Mapping[str, tuple[str, ...]]:
    """Return the models of a product that are listed, each with the settings it takes."""
    return SUPPORTED[f"{product.category} {product.model_type}"]


@lru_cache(maxsize=1024)
def supported(product: Product, model: str) -> tuple[str, ...]:
    """Return the names of the settings a model takes."""
    return models(product).get(model, next(iter(models(product).values())))


def read_details(product: Product, values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return what a job keeps of a request: all but its input, with the settings of its model read."""
    known = supported(product, values["model"])
    rest = {name: value for name, value in values.items() if name not in INPUTS and snake(name) not in known}
    return rest | read_settings(product, values)


def read_settings(product: Product, values: Mapping[str, JSON]) -> dict[str, JSON]:
    """Read the settings that the model of a request takes; raises VendorError for the first invalid one.

    Names may be written in camelCase, as the vendor's newer pages do.
    """
    by_name = {snake(name): value for name, value in values.items()}
    names = _effective(product, values["model"], _switched(by_name.get("face_enhancement")))
    return {name: _read(name, by_name[name]) for name in names if name in by_name}


def effective(product: Product, values: Mapping[str, JSON]) -> tuple[str, ...]:
    """Return the settings that have an effect: those of faces have none where faces are not enhanced."""
    faces = next((value for name, value in values.items() if snake(name) == "face_enhancement"), None)
    return _effective(product, values["model"], _switched(faces))


@lru_cache(maxsize=1024)
def _effective(product: Product, model: str, has_faces: bool | None) -> tuple[str, ...]:  # noqa: FBT001 - one of three
    names = supported(product, model)
    return tuple(name for name in names if has_faces is not False or name not in FACES_ONLY)


def ignored_fields(operation: str, request: Request) -> Iterator[str]:
    """Yield the fields of a submission that have no effect: settings its model does not take, sizes."""
    product = PRODUCTS.get(operation)
    if product is None:
        return
    fields = SIZED if product.sized else ALWAYS
    settings = effective(product, request.values)
    yield from (name for name in request.values if name not in fields and snake(name) not in settings)


def _switched(value: JSON) -> bool | None:
    """Read a boolean, typed or as text; None for other values."""
    return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())


def _read(name: str, value: JSON) -> JSON:
    read: JSON = None
    if name == "subject_detection" and value not in SUBJECTS:
        raise VendorError(400, UNKNOWN_SUBJECT)
    if name in SWITCHES:
        read = _switched(value)
    elif name in RANGES:
        read = RANGES[name].read(value)
    elif name == "prompt":
        read = value if len(value) <= LONGEST_PROMPT else None
    elif name in ("subject_detection", "mode"):
        read = value
    if read is None:
        raise VendorError(400, f"Invalid {name.replace('_', ' ')}.")
    return read


def settings_of(product: Product, details: Mapping[str, JSON]) -> dict[str, JSON]:
    """Return the settings in a job's details."""
    return {name: details[name] for name in supported(product, details["model"]) if name in details}


class ImageStats(msgspec.Struct, frozen=True, kw_only=True):
    """What Autopilot chooses by: the measures of an image, and the model."""

    product: Product
    model: str
    measures: Mapping[str, float]

    @property
    def noise(self) -> float:
        """Noise: 0 for a clean photograph, 1 for a very noisy one."""
        return (self.measures["noise"] - 3) / 25

    @property
    def blur(self) -> float:
        """Blur: near 0.1 for a sharp photograph."""
        return self.measures["blur"] - 0.2

    @property
    def strength(self) -> float:
        """Strength for a model that has one setting for it."""
        if self.product.category == "Denoise":
            return max(self.noise, {"Strong": 0.75, "Extreme": 1.0}.get(self.model, 0.5))
        return self.blur + 0.3


AUTOPILOT: Mapping[str, Callable[[ImageStats], JSON]] = {
    "denoise": lambda stats: _share(stats.noise),
    "sharpen": lambda stats: _share(stats.blur),
    "fix_compression": lambda stats: _share(2 * stats.measures["blockiness"] - 0.1),
    "strength": lambda stats: _share(stats.strength, least=0.01),
    "minor_deblur": lambda stats: _share(stats.blur - 0.2, least=0.01),
    "minor_denoise": lambda stats: _share(stats.noise, least=0.01),
    "denoise_strength": lambda _: 0.5,  # documented for Lens Blur V2
    "original_detail": lambda _: 0.0,
    "detail": lambda _: 0.5,
    "focus_boost": lambda stats: _share(stats.blur, least=0.25),
    "creativity": lambda _: 3,
    "texture": lambda stats: 1 + round(4 * _share(stats.blur)),
    "color_correction": lambda stats: stats.measures["cast"] > CAST,
    "exposure": lambda stats: _share(0.5 - stats.measures["exposure"]),
    "highlight": lambda _: 0.0,
    "shadow": lambda stats: _share(0.4 - stats.measures["exposure"]),
    "face_enhancement": lambda _: FACE_DEFAULTS["face_enhancement"],
    "face_enhancement_creativity": lambda _: FACE_DEFAULTS["face_enhancement_creativity"],
    "face_enhancement_strength": lambda _: FACE_DEFAULTS["face_enhancement_strength"],
}


def autopilot(product: Product, model: str, measures: Mapping[str, float]) -> dict[str, JSON]:
    """Choose the settings that a request left open, by the measures of the image."""
    stats = ImageStats(product=product, model=model, measures=measures)
    return {name: AUTOPILOT[name](stats) for name in supported(product, model) if name in AUTOPILOT}


def _share(value: float, *, least: float = 0.0) -> float:
    return round(min(1.0, max(least, value)), 2)


@lru_cache(NAMES)
def snake(name: str) -> str:
    """Return a name in snake_case, whichever case it is written in."""
    if name.islower():  # most names are; joining letters of all names costs an upload 20 µs
        return name
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
