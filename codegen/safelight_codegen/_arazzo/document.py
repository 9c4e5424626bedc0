"""An Arazzo document with the workflows of all lifecycles of an API."""

from collections.abc import Iterator

from safelight_codegen._arazzo.api import Node, WorkflowApi
from safelight_codegen._arazzo.security import key_inputs, key_parameters
from safelight_codegen._arazzo.steps import LifecycleContext, WorkflowOptions
from safelight_codegen._arazzo.workflows import Workflow, workflows
from safelight_openapi import as_mapping

VERSION = "1.0.1"

_ABOUT = (
    "Written by `safelight-codegen arazzo` from the lifecycles of the document. What is sent are examples;"
    " inputs replace them."
)


def arazzo_document(api: WorkflowApi, *, url: str, server: str, settings: WorkflowOptions) -> Node:
    """Return the Arazzo document, the same one on every call.

    `url` is that of the OpenAPI document, relative to the Arazzo document; `server` replaces the servers of
    the OpenAPI document unless it is empty.
    """
    info = as_mapping(api.document.get("info"))
    source: Node = {"name": api.source, "url": url, "type": "openapi"}
    return {
        "arazzo": VERSION,
        "info": {
            "title": f"Jobs of {info.get('title', api.source)}",
            "description": _ABOUT,
            "version": str(info.get("version", "1.0.0")),
        },
        "sourceDescriptions": [{**source, **({"x-serverUrl": server} if server else {})}],
        "workflows": list(_workflows(api, settings)),
    }


def _workflows(api: WorkflowApi, settings: WorkflowOptions) -> Iterator[Node]:
    for lifecycle in api.jobs.lifecycles.values():
        for workflow in workflows(LifecycleContext(api=api, lifecycle=lifecycle, settings=settings)):
            yield _workflow(api, workflow)


def _workflow(api: WorkflowApi, workflow: Workflow) -> Node:
    operations = list(dict.fromkeys(step.operation for step in workflow.steps))
    inputs = key_inputs(api, operations)
    for step in workflow.steps:
        inputs |= step.inputs
    parameters = key_parameters(api, operations)
    notes = [*workflow.notes, *(note for step in workflow.steps for note in step.notes)]
    return {
        "workflowId": workflow.name,
        "summary": workflow.summary,
        **({"description": " ".join(notes)} if notes else {}),
        **({"inputs": {"type": "object", "properties": inputs}} if inputs else {}),
        **({"parameters": parameters} if parameters else {}),
        "steps": [step.node(api) for step in workflow.steps],
    }
