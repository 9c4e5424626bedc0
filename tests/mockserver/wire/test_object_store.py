"""Responses of the file host: a result, an input, or an error like an object store's."""

from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace
from tests.mockserver.core.engines import PICTURE, engine, job

from safelight_mock.core import Format, Inspection, Job, Picture, Recipe, RecipeStep, Sandbox
from safelight_mock.core.job_faults import JobFault
from safelight_mock.wire import RenderedFile, Response, object_store
from safelight_mock.wire.messages import MadeFile
from safelight_mock.wire.problem import VendorError

RECIPE = Recipe(steps=(RecipeStep(name="sharpen"),), output=Picture(format=Format.JPEG, width=8, height=6))


def recipe(made: Job, inspection: Inspection) -> Recipe:
    assert made.operation == "submit"
    assert inspection.is_whole
    return RECIPE


@pytest.fixture
def taken() -> tuple[Sandbox, Job]:
    sandbox = Sandbox(name="box", seed="seed")
    return sandbox, engine(sandbox, 10).submit(job(sandbox))


def headers(kind: str, name: str, artifact: RenderedFile | MadeFile, modified: str) -> dict[str, str]:
    return {
        "last-modified": f"Thu, 01 Jan 1970 00:00:{modified} GMT",
        "content-type": kind,
        "content-disposition": f"inline; filename*=UTF-8''{name}",
        "etag": f'"{artifact.name}"',
        "accept-ranges": "bytes",
    }


def test_a_result_is_named_after_its_input_and_its_own_format(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken

    response = object_store.find(engine(sandbox, 15), submitted.id, "output", recipe)

    artifact = RenderedFile(digest="whole", recipe=RECIPE, filename="photo.jpg")
    assert response == Response(
        status=200, headers=headers("image/jpeg", "photo.jpg", artifact, "15"), content=artifact, value=None
    )


def test_a_result_has_the_name_its_link_ends_in(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken

    response = object_store.find(engine(sandbox, 15), submitted.id, "output/a cup/1.png", recipe)

    artifact = RenderedFile(digest="whole", recipe=RECIPE, filename="a cup/1.png")
    assert response.content == artifact
    assert response.headers == headers("image/jpeg", "a%20cup/1.png", artifact, "15")


def test_an_input_is_returned_unchanged_in_every_state(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken

    response = object_store.find(engine(sandbox, 10), submitted.id, "input", recipe)

    artifact = RenderedFile(digest="whole", recipe=None, filename="photo.png")
    assert response == Response(
        status=200, headers=headers("image/png", "photo.png", artifact, "10"), content=artifact
    )


def test_a_file_without_a_name_is_an_image(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken
    sandbox.jobs[submitted.id] = replace(submitted, source=replace(submitted.source, filename=""))

    response = object_store.find(engine(sandbox, 10), submitted.id, "input", recipe)

    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''image"


def test_an_unknown_file_is_404(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken
    no_input = replace(job(sandbox), source=replace(submitted.source, digest=""))
    engine(sandbox, 10).submit(no_input)

    assert object_store.find(engine(sandbox, 10), submitted.id, "output", recipe) == object_store.missing()
    assert object_store.find(engine(sandbox, 10), "nobody", "input", recipe) == object_store.missing()
    assert object_store.find(engine(sandbox, 10), no_input.id, "input", recipe) == object_store.missing()


@pytest.mark.parametrize(
    ("http_response", "status", "code", "message"),
    [
        (lambda: object_store.denied("a < b"), 403, "AccessDenied", "a < b"),
        (object_store.missing, 404, "NoSuchKey", "The specified key does not exist."),
        (
            object_store.no_file,
            400,
            "InvalidArgument",
            "POST requires exactly one file upload per request.",
        ),
        (object_store.wrong_method, 405, "MethodNotAllowed", "Only GET and HEAD are allowed."),
        (lambda: object_store.unavailable("full"), 503, "SlowDown", "full"),
        (
            object_store.broken,
            500,
            "InternalError",
            "The file could not be made; the reason is in the log.",
        ),
    ],
)
def test_an_error_is_a_document_with_its_code(
    http_response: Callable[[], Response], status: int, code: str, message: str
) -> None:
    written = message.replace("<", "&lt;")

    response = http_response()

    assert response.status == status
    assert response.content == f"<Error><Code>{code}</Code><Message>{written}</Message></Error>".encode()
    assert response.value == {"message": message}
    assert response.headers["content-type"] == "application/xml"
    assert response.headers.get("allow") == ("GET, HEAD" if status == 405 else None)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (VendorError(403, "no"), 403, "Forbidden"),
        (VendorError(503, "busy"), 503, "ServiceUnavailable"),
        (VendorError(599, "what"), 599, "InternalError"),
        (ValueError("worse"), 500, "InternalServerError"),
    ],
)
def test_an_error_of_a_scenario_has_the_phrase_of_its_status_as_code(
    error: Exception, status: int, code: str
) -> None:
    response = object_store.failed(error)

    assert response.status == status
    assert response.content == f"<Error><Code>{code}</Code><Message>{error}</Message></Error>".encode()


def test_a_file_of_a_scenario_stands_in_for_the_result(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken
    own = JobFault(result="d1", filename="mine.webp")
    assert object_store.replaced(engine(sandbox, 12), submitted.id, own) == object_store.missing()

    named = object_store.replaced(engine(sandbox, 15), submitted.id, own)
    unnamed = object_store.replaced(engine(sandbox, 15), submitted.id, JobFault(result="d1"))

    assert named.headers == headers(
        "image/webp", "mine.webp", RenderedFile(digest="d1", recipe=None, filename="mine.webp"), "15"
    )
    assert unnamed.headers["content-disposition"] == "inline; filename*=UTF-8''photo.png"
    assert object_store.replaced(engine(sandbox, 15), "nobody", own) == object_store.missing()


def test_a_synchronous_result_is_named_after_its_input(taken: tuple[Sandbox, Job]) -> None:
    sandbox, submitted = taken

    response = object_store.output(engine(sandbox, 15).result(submitted.id), RECIPE)

    assert response.content == RenderedFile(digest="whole", recipe=RECIPE, filename="photo.jpg")


@pytest.mark.parametrize(("filename", "name"), [("my.photo.png", "my.photo.png"), ("", "image.png")])
def test_a_result_may_be_named_by_its_format_in_full(filename: str, name: str) -> None:
    sandbox = Sandbox(name="box", seed="seed")
    made = job(sandbox)

    assert object_store.result_name(replace(made, source=replace(made.source, filename=filename))) == name


def test_two_versions_of_a_file_have_two_etags() -> None:
    other = replace(RECIPE, output=PICTURE)
    artifacts = [RenderedFile(digest="d", recipe=recipe, filename="f") for recipe in (None, RECIPE, other)]

    assert len({artifact.name for artifact in artifacts}) == 3
    assert msgspec.json.encode(RECIPE) != msgspec.json.encode(other)


def test_a_failed_precondition_is_an_error_in_the_words_of_object_stores() -> None:
    response = object_store.precondition_failed()

    message = "At least one of the preconditions you specified did not hold."
    assert response.status == 412
    assert response.content == (
        f"<Error><Code>PreconditionFailed</Code><Message>{message}</Message></Error>".encode()
    )


def test_a_generated_file_is_of_the_media_type_it_was_made_as() -> None:
    clip = MadeFile(
        media_type="video/mp4", label="A cup", width=8, height=6, seconds=2.0, filename="clip.mp4"
    )

    assert object_store.made(clip, 15.0) == Response(
        status=200, headers=headers("video/mp4", "clip.mp4", clip, "15"), content=clip
    )


@pytest.mark.parametrize(
    ("filename", "media_type"),
    [("cup.png", "image/png"), ("notes.txt", "text/plain"), ("cup", "application/octet-stream")],
)
def test_an_upload_is_of_the_media_type_of_its_name(filename: str, media_type: str) -> None:
    file = RenderedFile(digest="digest", recipe=None, filename=filename)

    assert object_store.stored(file, 15.0) == Response(
        status=200, headers=headers(media_type, filename, file, "15"), content=file
    )


def test_an_upload_is_acknowledged_with_its_tag() -> None:
    put = object_store.received("digest", is_form=False)
    form = object_store.received("digest", is_form=True)

    assert put == Response(status=200, headers={"etag": '"digest"'})
    assert form == Response(status=204, headers={"etag": '"digest"'})
