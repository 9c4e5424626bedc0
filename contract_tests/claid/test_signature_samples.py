"""Receivers find our signatures genuine: Claid's four published samples, their slips mended, and our own."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from safelight_mock import ClockMode, Settings, Twin, TwinTransport

pytestmark = pytest.mark.slow

SECRET = "it's a säcret"  # noqa: S105 - no real secret
HERE = Path(__file__).resolve().parent / "samples"
PAGE = HERE.parents[2] / "openapi" / "claid" / "pages" / "async-image-edit.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A program around a published sample: arguments secret and signature, the body on standard input."""

    program: tuple[str, ...]
    before: str
    after: str
    slips: tuple[tuple[str, str], ...] = ()  # the published line, and its replacement

    def code(self, language: str) -> str:
        """Put the program together; fails for a slip that the page has no more: it needs no mending."""
        (sample,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
        for slip, mended in self.slips:
            assert slip in sample
            sample = sample.replace(slip, mended)
        return f"{self.before}\n{sample}\n{self.after}"


PYTHON = Sample(
    program=(sys.executable, "-c"),
    before="""
import sys
class HTTPException(Exception):  # a web framework has it; the sample does not import it
    def __init__(self, status_code, detail): super().__init__(status_code, detail)
""",
    slips=(("x-hub-signature-256", "x-claid-hmac-sha256"),),
    after="""
try:
    verify_signature(sys.stdin.buffer.read(), *sys.argv[1:])
except HTTPException as refused:
    print(refused.args[0])
else:
    print("genuine")
""",
)
JAVASCRIPT = Sample(
    program=("node", "--input-type=module", "-e"),
    before='import { text } from "node:stream/consumers";',
    after="""
const [secret, header] = process.argv.slice(1);
console.log((await verifySignature(secret, header, await text(process.stdin))) ? "genuine" : "refused");
""",
)
OCTOKIT = Sample(
    program=("node", "--input-type=module", "-e"),
    before="""
import { buffer } from "node:stream/consumers";
const [secret, signature] = process.argv.slice(1);
process.env.WEBHOOK_SECRET = secret;
""",
    # `req.text()` is Fetch's and `res.status()` Express's: no request has both. Express has bytes in `body`.
    slips=(
        ("await req.text()", "req.body.toString()"),
        ("// The rest of your logic here", "res.send('genuine');"),
    ),
    after="""
const res = { status: (code) => ({ send: () => console.log(code) }), send: console.log };
const headers = { "x-claid-hmac-sha256": signature };
await handleWebhook({ headers, body: await buffer(process.stdin) }, res);
""",
)
RUBY = Sample(
    program=("ruby", "-e"),
    before="""
require "openssl"
module Rack; Utils = OpenSSL; end
def request = Struct.new(:env).new({ "HTTP_X_CLAID_HMAC_SHA256" => ARGV[1] })
def halt(status, _) = (puts status; exit)
ENV["SECRET_TOKEN"] = ARGV[0]
""",
    # Rack writes a header in capitals, behind HTTP_; and what is answered 500 is sent again.
    slips=(("X_CLAID-HMAC-SHA256", "HTTP_X_CLAID_HMAC_SHA256"), ("halt 500", "halt 401")),
    after='verify_signature($stdin.binmode.read); puts "genuine"',
)

RUBY_IF_THERE = pytest.mark.skipif(
    shutil.which("ruby") is None, reason="tried where Ruby is"
)  # all else is needed
PUBLISHED = [
    pytest.param("python", PYTHON, id="Python"),
    pytest.param("javascript", JAVASCRIPT, id="JavaScript"),
    pytest.param("typescript", OCTOKIT, id="octokit"),
    pytest.param("ruby", RUBY, id="Ruby", marks=RUBY_IF_THERE),
]
OURS = [
    pytest.param(sys.executable, "verify.py", id="Python"),
    pytest.param("node", "verify.mjs", id="JavaScript"),
    pytest.param("node", "octokit.mjs", id="octokit"),
    pytest.param("ruby", "verify.rb", id="Ruby", marks=RUBY_IF_THERE),
]


@pytest.fixture(scope="module")
def delivery() -> tuple[bytes, str]:
    """Body and signature of a notification as it arrives."""
    twin = Twin(Settings(clock=ClockMode.MANUAL, seed="signed"))
    key = {"Authorization": "Bearer k"}
    with httpx.Client(transport=TwinTransport(twin), base_url="http://twin") as client:
        sandbox = client.post("/_safelight/sandboxes", json={"vendor": "claid", "key": "k"}).json()["name"]
        wanted = {"url": "http://twin/_safelight/inbox/signed", "secret": SECRET}
        client.patch(f"/_safelight/sandboxes/{sandbox}/webhook", json=wanted)
        edit = {"input": "safelight://coffee.jpg", "operations": {"resizing": {"width": 60}}}
        client.post("/claid/v1/image/edit/async", json=edit, headers=key)
        client.post(f"/_safelight/sandboxes/{sandbox}/clock/advance", json={"seconds": 60})
        (message,) = client.get("/_safelight/inbox/signed").json()["messages"]
    twin.close()
    return message["body"].encode(), message["headers"]["x-claid-hmac-sha256"]


def run(*command: str, body: bytes) -> str:
    assert shutil.which(command[0]), f"{command[0]} is needed, and not on the PATH"
    done = subprocess.run(command, input=body, cwd=HERE, capture_output=True, check=False, timeout=30)
    assert done.returncode == 0, f"{done.stderr.decode()}\n`make test` installs what samples need"
    return done.stdout.decode().strip()


@pytest.mark.fidelity("claid:webhook-signature", "claid.signature_format")
@pytest.mark.parametrize(("language", "sample"), PUBLISHED)
def test_a_published_sample_accepts_a_delivery_and_rejects_one_changed_byte(
    delivery: tuple[bytes, str], language: str, sample: Sample
) -> None:
    body, signature = delivery

    def verify(body: bytes, secret: str = SECRET) -> str:
        return run(*sample.program, sample.code(language), secret, signature, body=body)

    assert verify(body) == "genuine"
    assert verify(body.replace(b"DONE", b"DONe")) in {"401", "403", "refused"}
    assert verify(body, "another secret") in {"401", "403", "refused"}


@pytest.mark.parametrize(
    ("language", "sample"),
    [("typescript", OCTOKIT), pytest.param("ruby", RUBY, marks=RUBY_IF_THERE)],
    ids=["octokit", "Ruby"],
)
def test_a_sample_with_its_mistakes_accepts_no_delivery(
    delivery: tuple[bytes, str], language: str, sample: Sample
) -> None:
    body, signature = delivery
    published = replace(sample, slips=()).code(language)

    with pytest.raises(AssertionError, match="TypeError"):
        run(*sample.program, published, SECRET, signature, body=body)


@pytest.mark.parametrize(("program", "file"), OURS)
def test_the_code_of_our_page_accepts_a_delivery_and_rejects_one_changed_byte(
    delivery: tuple[bytes, str], program: str, file: str
) -> None:
    body, signature = delivery

    def verify(body: bytes, secret: str = SECRET) -> str:
        return run(program, file, secret, signature, body=body).lower()

    assert verify(body) == "true"
    assert verify(body.replace(b"DONE", b"DONe")) == "false"
    assert verify(body, "another secret") == "false"
