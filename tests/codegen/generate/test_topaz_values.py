"""Values of the generated Topaz client can have unknown fields, be copied and pickled."""

import ast
import copy
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import safelight_clients
from safelight_clients.topaz.models import (
    EnhanceRequest,
    JobStatusNotification,
    MattingRequestOutputFormat,
    StatusResponseStatus,
)
from safelight_clients.topaz.types import UNSET, Unset

pytestmark = pytest.mark.slow

COPIES = [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]  # noqa: S301 - bytes of our own


def test_a_state_this_client_does_not_know_is_kept_as_it_is() -> None:
    state = StatusResponseStatus("Paused")

    assert state == "Paused"
    assert state.value == "Paused"
    assert state == StatusResponseStatus("Paused")
    assert state not in list(StatusResponseStatus)


def test_a_state_that_is_not_a_text_is_an_error() -> None:
    number: Any = 7

    with pytest.raises(ValueError, match="7 is not a valid StatusResponseStatus"):
        StatusResponseStatus(number)


def test_an_enum_of_one_value_stays_closed() -> None:
    with pytest.raises(ValueError, match="'jpeg' is not a valid"):
        MattingRequestOutputFormat("jpeg")


@pytest.mark.parametrize("copied", COPIES)
def test_an_unknown_state_survives_copies(copied: Callable[[object], object]) -> None:
    assert copied(StatusResponseStatus("Paused")) == "Paused"


@pytest.mark.parametrize("copied", COPIES)
def test_unset_stays_unset_in_copies(copied: Callable[[EnhanceRequest], EnhanceRequest]) -> None:
    request = copied(EnhanceRequest(source_id="s"))

    assert request.image is UNSET
    assert request.to_dict() == {"source_id": "s"}


def test_there_is_one_unset() -> None:
    assert Unset() is UNSET
    assert not UNSET
    assert repr(UNSET) == "UNSET"


def test_a_webhook_is_read_by_its_class() -> None:
    content = {
        "notification_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "process_id": "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b",
        "status": "Processing",
        "creation_time": 1617210000,
        "modification_time": 1617210001,
        "progress": 40,
        "input_download_url": "https://twin.test/input",
        "input_head_url": "https://twin.test/input",
    }

    notification = JobStatusNotification.from_dict(content)

    assert notification.status == "Processing"
    assert notification.download_url is UNSET
    assert notification.to_dict() == content


def test_the_clients_need_httpx_attrs_and_the_lifecycle_types_only() -> None:
    modules = Path(safelight_clients.__file__).parent.rglob("*.py")
    trees = [ast.parse(path.read_bytes()) for path in modules]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}

    foreign = {name.split(".")[0] for name in imported} - sys.stdlib_module_names

    assert foreign == {"attrs", "httpx", "safelight_lifecycle"}
