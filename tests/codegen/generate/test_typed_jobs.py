"""The module `jobs` of a user's client has a function for each operation that starts a job."""

import ast

from safelight_codegen._generate.typed_jobs import typed_jobs
from safelight_lifecycle import (
    ApiTable,
    Idempotency,
    JobIds,
    Lifecycle,
    RequestTemplate,
    Submission,
)

MODULE = b"""
from ...models.new_render import NewRender
from ...types import UNSET, Unset

def _get_kwargs(size: str, *, body: NewRender, api: str | Unset = UNSET, x_key: str):
    return {}
"""

CREATE_RENDER = '''
def create_render(api_: JobApi, size: str, *, body: NewRender, api: str | Unset=UNSET, \
idempotency_key: str | None=None) -> Job:
    """Start a job by POST /renders/{size}."""
    return api_.submit('createRender', size=size, body=body, api=api, idempotency_key=idempotency_key)
'''.strip()


def written(lifecycle: Lifecycle, modules: dict[str, str]) -> dict[str, str]:
    """Return the functions of a module by name."""
    requests = {name: RequestTemplate(method="POST", path="/renders/{size}") for name in modules}
    api = ApiTable(lifecycles={"render": lifecycle}, modules=modules, requests=requests)
    tree = {f"{one.removeprefix('acme.').replace('.', '/')}.py": MODULE for one in modules.values()}
    made = ast.parse(typed_jobs("acme", api, tree))
    return {node.name: ast.unparse(node) for node in made.body if isinstance(node, ast.FunctionDef)}


def test_a_function_has_the_arguments_of_the_generated_one_and_those_of_jobs() -> None:
    lifecycle = Lifecycle(
        name="render",
        submit=(Submission(operation="createRender"),),
        ids=JobIds(),
        idempotency=Idempotency(header="X-Key"),
    )

    functions = written(lifecycle, {"createRender": "acme.api.default.create_render"})

    assert functions["create_render"] == CREATE_RENDER


def test_an_operation_that_waits_returns_its_result() -> None:
    lifecycle = Lifecycle(name="render", submit=(), ids=JobIds(), sync=("renderNow",))

    function = written(lifecycle, {"renderNow": "acme.api.default.render_now"})["render_now"]

    assert "-> object:" in function
    assert "return api_.run('renderNow', size=size, body=body, api=api, x_key=x_key)" in function


def test_functions_of_one_name_are_distinguished_by_their_tags() -> None:
    operations = (Submission(operation="a"), Submission(operation="b"))
    lifecycle = Lifecycle(name="render", submit=operations, ids=JobIds())

    functions = written(lifecycle, {"a": "acme.api.images.create", "b": "acme.api.videos.create"})

    assert list(functions) == ["images_create", "videos_create"]
