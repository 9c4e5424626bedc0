"""Records what clients of every vendor see: `python -m contract_tests.golden.record` rewrites the records.

Requests are generated from the effective specs here and recorded completely, so that a replay needs neither
this module nor a spec.
"""

import json
import random
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import product
from typing import Final
from urllib.parse import urlencode

from PIL import Image

from contract_tests.golden.candidates import candidates, smallest
from contract_tests.golden.fixtures import JSON, PICTURES, RECORDS, Playback, Step, machine, playback
from safelight_specs import read_spec

ORIGIN: Final = "http://twin.example"
BASES: Final = {
    "topaz": f"{ORIGIN}/topaz/image/v1",
    "claid": f"{ORIGIN}/claid/v1",
    "tengr": f"{ORIGIN}/tengr",
}
MAGIC: Final = ("invalid", "forbidden", "limited", "broken", "unsubscribed", "unfunded", "funding")
CUP, CAT, TORN = "safelight://coffee.jpg", "safelight://chelsea.jpg", "safelight://damaged.jpg"
FORMATS: Final = ("jpeg", "png", "tiff", "webp", "bmp", "gif")
MOST: Final = 60  # calls that are made up for one operation
FOLLOWED: Final = 7  # every so manieth job that was accepted is followed to its result
LINE: Final = "\r\n"
EDGE: Final = "golden-boundary-of-thirty-eight-bytes"
JOB: Final = "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b"


class SceneRecorder:
    """Plays steps and records them with their responses."""

    def __init__(self, vendor: str, playing: Playback, *, strict: bool) -> None:
        self.vendor, self.spec = vendor, read_spec(vendor, strict=strict)
        self.kept: list[Step] = []
        self._playing = playing
        self._chance = random.Random(vendor)  # noqa: S311 - a fixed choice, no secret

    def do(self, **step: JSON) -> JSON:
        """Play a step and keep it."""
        observed = self._playing.play(step)
        self.kept.append({**step, "seen": observed})
        return observed

    def call(
        self, method: str, path: str, *, key: str | None = "anna", body: JSON = None, **headers: str
    ) -> JSON:
        """Call a path below the vendor's base, or a whole URL; return the JSON of the answer, or its text."""
        url = path if "://" in path else BASES[self.vendor] + path
        provided = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self._credential(key), **provided} if url.startswith(BASES[self.vendor]) else provided
        if isinstance(body, list) and body and body[0] == "form":
            sent["content-type"], body = f"multipart/form-data; boundary={EDGE}", body[1]
        elif body is not None:
            sent, body = {"content-type": "application/json", **sent}, [json.dumps(body, ensure_ascii=False)]
        status, responded, text = self.do(call=[method, url, sent, body or []])
        try:
            return status, dict(responded), json.loads(text)
        except ValueError:
            return status, dict(responded), text

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, JSON]]]:
        """Yield method, path and operation of everything the vendor's document has."""
        for path, item in self.spec["paths"].items():
            for method in ("get", "post", "put", "patch", "delete"):
                if method in item:
                    yield method.upper(), path, item[method]

    def advance(self, seconds: float, key: str = "anna") -> None:
        """Let time pass in a key's sandbox."""
        self.do(advance=seconds, vendor=self.vendor, key=key)

    def control(self, method: str, path: str, body: JSON = None, pick: JSON = ()) -> JSON:
        """Call the control plane."""
        return self.do(control=[method, path, body], pick=pick if isinstance(pick, str) else [*pick])

    def some(self, many: list[JSON]) -> list[JSON]:
        """Return at most MOST of many, always the same and in their order."""
        chosen = sorted(self._chance.sample(range(len(many)), min(MOST, len(many))))
        return [many[location] for location in chosen]

    def _credential(self, key: str | None) -> dict[str, str]:
        if key is None:
            return {}
        return {"x-api-key": key} if self.vendor == "topaz" else {"authorization": f"Bearer {key}"}


def form(*parts: tuple[str, str, str]) -> list[JSON]:
    """Return a multipart body of parts: name, file name or nothing, and a text or `picture:NAME`."""
    pieces: list[str] = []
    for name, filename, content in parts:
        named = f'; filename="{filename}"' if filename else ""
        kind = f"Content-Type: application/octet-stream{LINE}" if filename else ""
        head = f'--{EDGE}{LINE}Content-Disposition: form-data; name="{name}"{named}{LINE}{kind}{LINE}'
        pieces += [head, content, LINE]
    return ["form", [*pieces, f"--{EDGE}--{LINE}"]]


def draw_pictures() -> None:
    """Write the images that the steps upload: every format, and invalid files."""
    for format_, size in product(FORMATS, ((32, 32), (48, 32))):
        drawn = BytesIO()
        Image.linear_gradient("L").resize(size).convert("RGB").save(drawn, format_)
        (PICTURES / f"{size[0]}x{size[1]}.{format_}").write_bytes(drawn.getvalue())
    whole = (PICTURES / "48x32.jpeg").read_bytes()
    (PICTURES / "torn.jpeg").write_bytes(whole[: len(whole) * 2 // 3])
    (PICTURES / "empty.jpeg").write_bytes(b"")
    (PICTURES / "text.jpeg").write_bytes(b"not a picture")


def every_operation(to: SceneRecorder) -> None:
    """Call each operation without a key, with every magic key, and with every odd id, query and method."""
    for method, path, operation in to.operations():
        body = _valid(to, operation)
        at = path.replace("{process_id}", JOB).replace("{task_id}", "1").replace("{id}", JOB)
        at = at.replace("{orgId}", "acme")
        for key in (None, "", *MAGIC, "anna", "bert"):
            to.call(method, at, key=key, body=body)
        for other in ("PUT", "HEAD", "OPTIONS"):
            to.call(other, at)
        to.call(method, f"{at}/")
        to.call(method, f"{at}?surplus=1", body=body)
        if "{" in path:
            before = path.partition("{")[0]
            for odd in ("x", "0", "-1", "1.5", "999999999999", JOB.upper(), "%20", "a%2Fb"):
                to.call(method, before + odd + path.partition("}")[2], body=body)
    to.call("GET", "/no/such/path")


def every_query(to: SceneRecorder) -> None:
    """Request lists with each value of each query parameter."""
    for method, path, operation in to.operations():
        for parameter in operation.get("parameters", ()):
            if parameter.get("in") == "query":
                for value in candidates(parameter["schema"], to.spec["components"]["schemas"]):
                    to.call(method, f"{path}?{urlencode({parameter['name']: value})}")


def every_field(to: SceneRecorder) -> None:
    """Send each operation with a body each candidate of each field; follow some of what is accepted."""
    accepted = 0
    for method, path, operation in to.operations():
        for body in to.some([*_bodies(to, operation)]):
            status, _, response = to.call(method, path, body=body)
            accepted += status in (200, 202)
            if status in (200, 202) and accepted % FOLLOWED == 0:
                follow(to, response)


def follow(to: SceneRecorder, response: JSON) -> None:
    """Read a job while it waits, runs and is over, and fetch its result."""
    for seconds in (0.0, 1.5, 60.0):
        to.advance(seconds)
        read(to, response)
    for link in {*_links(read(to, response))}:
        to.call("GET", link)


def read(to: SceneRecorder, response: JSON) -> JSON:
    """Read the job that an answer to a submission names."""
    return [to.call("GET", path)[2] for path in _reads(to.vendor, response)]


def lives(to: SceneRecorder) -> None:
    """Cancel, delete and fetch jobs in every state; let links and records expire; resend from other keys."""
    for state_name in ("queued", "running", "succeeded", "failed", "cancelled"):
        _, _, response = _submit(to)
        (path, *_) = _reads(to.vendor, response)
        job = path.rpartition("/")[2]
        if state_name != "queued":
            to.control("POST", f"jobs/{job}/move", {"to": state_name})
        for requested in ("/download/{}", "/download/input/{}"):
            if to.vendor == "topaz":
                to.call("GET", requested.format(job))
        to.call("GET", path)
        to.call("GET", path, key="bert")
        if to.vendor == "topaz":
            to.call("DELETE", f"/cancel/{job}")
            to.call("DELETE", f"/status/{job}")
            to.call("GET", path)
    _, _, response = _submit(to)
    to.advance(60)
    links = sorted({*_links(read(to, response))})
    size = "bytes=0-9"
    for link in links[:1]:
        first = to.call("GET", link)
        etag, changed = first[1].get("etag", ""), first[1].get("last-modified", "")
        for headers in (
            {"range": size},
            {"range": "bytes=-5"},
            {"range": "bytes=9999999-"},
            {"if_none_match": etag},
            {"if_modified_since": changed},
            {"range": size, "if_range": etag},
        ):
            to.call("GET", link, **headers)
        to.call("HEAD", link)
        to.call("POST", link)
        to.call("GET", f"{link}0")
    for seconds in (3_000, 700, 86_400, 6 * 86_400, 2 * 86_400):
        to.advance(seconds)
        for link in links[:1]:
            to.call("GET", link)
        read(to, response)


def accounts(to: SceneRecorder) -> None:
    """Run out of credits, restore a snapshot and fork; record what each key then sees."""
    sandbox = to.control("POST", "sandboxes", {"vendor": to.vendor, "key": "poor"}, pick=["name"])[0]["name"]
    to.control("PATCH", f"sandboxes/{sandbox}/account", {"balance": 2})
    for _ in range(4):
        _submit(to, key="poor")
    to.advance(60, key="poor")
    _submit(to, key="poor")
    to.do(restore="again", vendor=to.vendor, key="anna")
    to.do(fork="twice", vendor=to.vendor, key="anna")
    for key in ("anna", "again", "twice"):
        _, _, response = _submit(to, key=key)
        for path in _reads(to.vendor, response):
            to.call("GET", path, key=key)
        to.call(
            "GET",
            {"topaz": "/status?paginated=true&limit=5", "tengr": "/v2/artworks?limit=5"}.get(to.vendor, "/"),
            key=key,
        )


def webhooks(to: SceneRecorder) -> None:
    """Have webhooks delivered to an inbox that refuses some, with every fault there is."""
    inbox = f"{ORIGIN}/_safelight/inbox/mine"
    sandbox = to.control("POST", "sandboxes", {"vendor": to.vendor, "key": "anna"}, pick=["name"])[0]["name"]
    if to.vendor == "claid":
        to.control("PATCH", f"sandboxes/{sandbox}/webhook", {"url": inbox, "secret": "s3cret"})
    faults: tuple[JSON, ...] = ("duplicate", "late", "out-of-order", "never", "wrong-signature", "old-secret")
    for fault in (None, *faults):
        if fault:
            to.control("PUT", f"sandboxes/{sandbox}/faults", {"next": [fault]})
        to.control("PUT", "inbox/mine", {"responses": [503, 500]})
        _submit(to, webhook=inbox)
        to.advance(10)
        to.advance(3_600)
    to.control("PUT", "inbox/mine", {"responses": [], "default": 410})
    _submit(to, webhook=inbox)
    to.advance(3_600)
    to.control("GET", "inbox/mine", pick="messages")


SCENES: Final = (every_operation, every_query, every_field, lives, accounts, webhooks)


def _submit(to: SceneRecorder, key: str = "anna", webhook: str = "") -> JSON:
    if to.vendor == "topaz":
        parts = [
            ("image", "cup.png", "picture:48x32.png"),
            *([("webhook_url", "", webhook)] if webhook else []),
        ]
        return to.call("POST", "/enhance/async", key=key, body=form(*parts))
    if to.vendor == "claid":
        body = {"input": CUP, "operations": {"resizing": {"width": 64}}}
        return to.call("POST", "/image/edit/async", key=key, body=body)
    detail = {"imageUrl": CUP, "scaleFactor": 2, **({"webhook": webhook} if webhook else {})}
    return to.call("POST", "/v2/artworks/detailer-upscaler", key=key, body=detail)


def _reads(vendor: str, response: JSON) -> list[str]:
    if not isinstance(response, dict):
        return []
    if vendor == "topaz":
        return (
            [f"/{what}/{response['process_id']}" for what in ("status", "download")]
            if "process_id" in response
            else []
        )
    if vendor == "claid":
        job = response.get("data", {}).get("id")
        return [f"/image/edit/{way}/{job}" for way in ("async", "batch")] if job else []
    return [f"/v2/artworks/{response['id']}"] if "id" in response else []


def _links(value: JSON) -> Iterator[str]:
    """Find the links to files in answers."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _links(inner)
    elif isinstance(value, str) and "/files/" in value:
        yield value


def _valid(to: SceneRecorder, operation: Mapping[str, JSON]) -> JSON:
    return next(_bodies(to, operation), None)


def _bodies(to: SceneRecorder, operation: Mapping[str, JSON]) -> Iterator[JSON]:
    """Yield bodies for an operation: one it takes first, then one change at a time."""
    content, components = (
        operation.get("requestBody", {}).get("content", {}),
        to.spec["components"]["schemas"],
    )
    if "application/json" in content:
        schema = content["application/json"]["schema"]
        yield from (_addressed(body) for body in candidates(schema, components))
    if "multipart/form-data" in content:
        yield from _forms(content["multipart/form-data"]["schema"], components)


def _addressed(body: JSON) -> JSON:
    """Have inputs lead to samples; every other value stays as it was made up."""
    if isinstance(body, dict):
        filled = {"input": CUP, "imageUrl": CAT, "operations": {}}
        return {
            name: filled[name] if name in filled and value in ("x", {}) else _addressed(value)
            for name, value in body.items()
        }
    return body


def _forms(schema: Mapping[str, JSON], components: Mapping[str, JSON]) -> Iterator[JSON]:
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    fields = schema.get("properties", {})
    least = smallest(schema, components)
    file = next((name for name in ("image", "file") if name in fields), "")
    texts = [
        (name, "", str(value))
        for name, value in least.items()
        if name != file and not isinstance(value, dict)
    ]
    if "data" in fields:
        texts = [("data", "", '{"operations": {"resizing": {"width": 40}}}')]
    upload = [(file, "cup.png", "picture:48x32.png")] if file else []
    yield form(*upload, *texts)
    for picture in sorted(path.name for path in PICTURES.iterdir()):
        if file:
            yield form((file, picture, f"picture:{picture}"), *texts)
    for name, field in fields.items():
        if name != file:
            for value in candidates(field, components):
                text = json.dumps(value) if isinstance(value, dict | list | bool) else str(value)
                yield form(*upload, *(text_ for text_ in texts if text_[0] != name), (name, "", text))
    yield form(*texts)
    yield form(*upload, *upload, *texts)
    if "source_url" in fields:
        for url in (CUP, TORN, "safelight://text.txt", "http://127.0.0.1:9/none", "ftp://x", "x"):
            yield form(("source_url", "", url))
        yield form(("source_id", "", JOB))


def main() -> None:
    """Rewrite every record."""
    PICTURES.mkdir(exist_ok=True)
    RECORDS.mkdir(exist_ok=True)
    draw_pictures()
    total = 0
    for vendor, scene, strict in product(BASES, SCENES, (False, True)):
        if strict and scene is not every_field:
            continue
        settings = {"strict": strict}
        with playback(settings) as playing:
            to = SceneRecorder(vendor, playing, strict=strict)
            scene(to)
        name = f"{vendor}-{scene.__name__.replace('_', '-')}{'-strict' if strict else ''}.jsonl"
        lines = [
            json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            for line in ({"settings": settings, "machine": machine()}, *to.kept)
        ]
        (RECORDS / name).write_text("\n".join(lines) + "\n")
        total += len(to.kept)
        sys.stdout.write(f"{len(to.kept):5} {name}\n")
    sys.stdout.write(f"{total:5} steps\n")


if __name__ == "__main__":
    main()
