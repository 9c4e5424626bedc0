"""The dozen worst errors, each made in a copy of the checkout: its test must fail.

To add one, quote a text that occurs once in its file, and name a quick test. mutmut cannot make these: they
are in the client, in tables, in adapters, or take two edits.
"""

import subprocess
from dataclasses import dataclass

import pytest

from mutation.sandbox_checkout import PACKAGES, SandboxCheckout

pytestmark = [pytest.mark.mutants, pytest.mark.slow]

PASSED, FAILED = 0, 1  # exit codes of pytest; a test that cannot be found or imported has others
OPTIONS = ("-x", "-q", "--tb=short", "--show-capture=no", "-p", "no:cacheprovider", "-p", "no:xdist")
TIMEOUT = 300.0  # seconds after which a test is taken to hang, which is to notice
MOCK = "mockserver/safelight_mock"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of the code: its effect, file, text and replacement, and the test that must fail."""

    breaks: str
    file: str
    before: str
    after: str
    test: str


MUTANTS = [
    Mutant(
        "Topaz accepts requests without a key",
        f"{MOCK}/wire/api_keys.py",
        "    if not key and is_optional:\n        return ANONYMOUS\n",
        "    if not key:\n        return ANONYMOUS\n",
        "tests/mockserver/adapters/test_all_adapters.py::test_without_a_valid_key_no_body_is_read",
    ),
    Mutant(
        "a response leaves that the document does not describe",
        f"{MOCK}/app/response_finalizer.py",
        "is_checked = self._validates and not reply.is_wrong",
        "is_checked = not self._validates and not reply.is_wrong",
        "tests/mockserver/app/test_twin.py::test_a_response_that_violates_the_document_is_a_500",
    ),
    Mutant(
        "all keys of a vendor share one sandbox",
        f"{MOCK}/storage/sandboxes.py",
        'blake2b(f"{vendor}/{key}".encode(), digest_size=8)',
        'blake2b(f"{vendor}/{key[:0]}".encode(), digest_size=8)',
        "tests/mockserver/app/test_twin.py::test_each_key_has_a_sandbox_of_its_own",
    ),
    Mutant(
        "the request log shows signatures of links and tokens in queries",
        f"{MOCK}/app/request_log.py",
        "MASK if is_secret(name) else masked(value)",
        "value",
        "tests/mockserver/app/test_request_log.py::test_the_log_shows_no_keys_and_signatures",
    ),
    Mutant(
        "any web page can drive the control plane",
        f"{MOCK}/admin/auth.py",
        'raise Problem(Kind.FORBIDDEN, detail="requests from web pages are rejected; use a program instead")',
        "return",
        "tests/mockserver/admin/test_control.py::test_a_web_page_cannot_use_the_control_plane",
    ),
    Mutant(
        "a job submitted since the start is lost at a restart",
        f"{MOCK}/storage/sqlite_store.py",
        "[(name, part_id, msgspec.json.encode(part)) for part_id, part in fresh],",
        "[(name, part_id, msgspec.json.encode(part)) for part_id, part in fresh if not part],",
        "tests/mockserver/storage/test_sqlite_store.py::test_a_restarted_server_continues_where_it_stopped",
    ),
    Mutant(
        "a request that a full disk refuses changes the sandbox",
        f"{MOCK}/storage/sandboxes.py",
        "self._persistence.save(claim.changes, [] if claim.evicted is None else [claim.evicted.name])",
        "claim.apply(); self._persistence.save(claim.changes, [])",
        "tests/mockserver/storage/test_disk_full.py::test_a_request_that_cannot_be_persisted_changes_nothing",
    ),
    Mutant(
        "a webhook is signed over other bytes than are sent",
        f"{MOCK}/webhooks/messages.py",
        "signed = Signed(message.id, floor(status.since), headers, body)",
        "signed = Signed(message.id, floor(status.since), headers, bytes(reversed(body)))",
        "tests/mockserver/webhooks/test_signatures.py"
        "::test_a_webhook_of_an_artwork_is_signed_if_there_is_a_secret",
    ),
    Mutant(
        "a result has nothing of its input in it",
        f"{MOCK}/imaging/pipeline.py",
        "_apply(recipe, _open(source, recipe), find)",
        "_apply(recipe, _open(source, recipe) * 0 + 128, find).cast('uchar').copy(interpretation='srgb')",
        "tests/mockserver/vendors/topaz/test_topaz_operations.py"
        "::test_a_letterbox_keeps_the_whole_picture_and_a_crop_fills_the_frame",
    ),
    Mutant(
        "the client sends its key to the host of the file",
        "client/safelight/_http/session.py",
        "self._stream(self.files, ",
        "self._stream(self.api, ",
        "tests/client/files/test_result_saving.py::test_the_key_is_sent_to_the_service_and_not_to_the_host_of_the_file",
    ),
    Mutant(
        "the client sends a submission twice",
        "client/safelight/_jobs/operations.py",
        "            return self.session.send(request, more_time=more_time)",
        "            return self.session.send(request) and self.session.send(request)",
        "tests/client/http/test_api_errors.py::test_a_submission_is_never_sent_twice",
    ),
    Mutant(
        "the client treats a submission whose response timed out as not sent",
        "client/safelight/_http/session.py",
        "    httpx.PoolTimeout,",
        "    httpx.PoolTimeout,\n    httpx.ReadTimeout,",
        "tests/client/jobs/test_unknown_outcomes.py"
        "::test_a_submission_whose_response_is_lost_is_not_to_be_sent_again",
    ),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> SandboxCheckout:
    return SandboxCheckout.copied(tmp_path_factory.mktemp("checkout"))


def exit_code(checkout: SandboxCheckout, *tests: str) -> int:
    try:
        run = checkout.run("-m", "pytest", *OPTIONS, *tests, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return FAILED
    assert run.returncode in {PASSED, FAILED}, run.stdout + run.stderr
    return run.returncode


def test_the_copy_runs_its_own_code(checkout: SandboxCheckout) -> None:
    files = checkout.imported()

    assert len(files) == len(PACKAGES)
    assert [file for file in files if not file.is_relative_to(checkout.folder)] == []


def test_the_tests_pass_where_nothing_is_broken(checkout: SandboxCheckout) -> None:
    assert exit_code(checkout, *dict.fromkeys(mutant.test for mutant in MUTANTS)) == PASSED


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.breaks)
def test_a_mutant_is_killed_by_its_test(mutant: Mutant, checkout: SandboxCheckout) -> None:
    with checkout.altered(mutant.file, mutant.before, mutant.after):
        assert exit_code(checkout, mutant.test) == FAILED
