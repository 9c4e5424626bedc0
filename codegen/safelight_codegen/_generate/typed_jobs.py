"""Writes the module `jobs` of a user's client: a typed function for each operation that starts a job."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from safelight_codegen._generate.file_tree import Tree
from safelight_lifecycle import ApiTable, Lifecycle

KEY = "idempotency_key"
_HEAD = '''"""The jobs of this API: a function for each operation that starts one.

    from safelight import JobApi
    from {package} import jobs
    from {package}.async_jobs import API

    with JobApi(API, api_key="…") as api:
        job = jobs.{example}(api, …).wait()
"""

from safelight import Job, JobApi
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class _Submission:
    """An operation that starts a job; `is_sync` if it responds with the result.

    `key` is the argument that is the header of an idempotency key, empty if the API takes none.
    """

    operation: str
    module: str
    line: str
    is_sync: bool
    key: str


def typed_jobs(package: str, api: ApiTable, tree: Tree) -> bytes:
    """Return the module's source, unformatted; its functions have the arguments of the generated ones."""
    submissions = [*_submissions(package, api)]
    names = _function_names(submissions)
    sources = {one: ast.parse(tree[f"{one.module.replace('.', '/')}.py"]) for one in submissions}
    imports = dict.fromkeys(line for source in sources.values() for line in _imports(source))
    functions = (_function(names[one], one, source) for one, source in sources.items())
    head = _HEAD.format(package=package, example=next(iter(names.values()), "submit"))
    exported = f"__all__ = {sorted(names.values())!r}"
    return "\n".join([head, *imports, *functions, exported, ""]).encode()


def _submissions(package: str, api: ApiTable) -> Iterator[_Submission]:
    for lifecycle in api.lifecycles.values():
        for operation in (*lifecycle.submissions, *lifecycle.sync):
            request = api.requests[operation]
            yield _Submission(
                operation=operation,
                module=api.modules[operation].removeprefix(f"{package}."),
                line=f"{request.method} {request.path}",
                is_sync=operation in lifecycle.sync,
                key="" if operation in lifecycle.sync else _key_argument(lifecycle),
            )


def _key_argument(lifecycle: Lifecycle) -> str:
    return lifecycle.idempotency.header.lower().replace("-", "_") if lifecycle.idempotency else ""


def _function_names(submissions: list[_Submission]) -> Mapping[_Submission, str]:
    """Return the name of each function: that of its module, with its tag where several modules have it."""
    short = {one: one.module.rpartition(".")[2] for one in submissions}
    uses = Counter(short.values())
    tagged = {one: "_".join(one.module.split(".")[-2:]) for one in submissions}
    return {one: name if uses[name] == 1 else tagged[one] for one, name in short.items()}


def _imports(source: ast.Module) -> Iterator[str]:
    """Yield the imports of an operation's module, as `jobs` makes them; formatting removes unused ones."""
    for node in source.body:
        if isinstance(node, ast.ImportFrom) and node.level:
            yield ast.unparse(ast.ImportFrom(module=node.module, names=node.names, level=node.level - 2))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield ast.unparse(node)


def _function(name: str, one: _Submission, source: ast.Module) -> str:
    made = next(
        node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "_get_kwargs"
    )
    signature = _without(made.args, one.key)
    arguments = [*signature.args, *signature.kwonlyargs]
    passed = [repr(one.operation), *(f"{argument.arg}={argument.arg}" for argument in arguments)]
    api = "api_" if any(argument.arg == "api" for argument in arguments) else "api"
    signature.args = [ast.arg(api, ast.Name("JobApi")), *signature.args]
    if one.key:
        signature.kwonlyargs.append(ast.arg(KEY, ast.parse("str | None", mode="eval").body))
        signature.kw_defaults.append(ast.Constant(None))
        passed.append(f"{KEY}={KEY}")
    verb, returns, about = (
        ("run", "object", f"Return the result of {one.line}, which waits for its job.")
        if one.is_sync
        else ("submit", "Job", f"Start a job by {one.line}.")
    )
    return (
        f'def {name}({ast.unparse(signature)}) -> {returns}:\n    """{about}"""\n'
        f"    return {api}.{verb}({', '.join(passed)})\n\n"
    )


def _without(signature: ast.arguments, name: str) -> ast.arguments:
    """Return a signature without a keyword argument."""
    pairs = zip(signature.kwonlyargs, signature.kw_defaults, strict=True)
    kept = [(argument, default) for argument, default in pairs if argument.arg != name]
    signature.kwonlyargs = [argument for argument, _ in kept]
    signature.kw_defaults = [default for _, default in kept]
    return signature
