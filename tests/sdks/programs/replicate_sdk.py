"""Predictions, trainings, files and webhooks by Replicate's SDK, as its README shows."""

import os

from harness import BASE_URL, FOLDER, KEY, error_of, force, receiver, report
from replicate import Client
from replicate.exceptions import ModelError, ReplicateError
from replicate.pagination import paginate

os.environ["REPLICATE_POLL_INTERVAL"] = "0.01"
MODEL = "acme/greeter"
VERSION = "5c7d5dc6dd8bf75c1acaa8565735e798"

replicate = Client(api_token=KEY, base_url=BASE_URL)

held = replicate.run(MODEL, input={"text": "Ada"})

polled = replicate.predictions.create(VERSION, {"text": "Ada"})
seen = [polled.status]
while polled.status not in ("succeeded", "failed", "canceled"):
    polled.reload()
    seen.append(polled.status)

waited = replicate.predictions.create(model=MODEL, input={"text": "Ada"})
waited.wait()

cancelled = replicate.predictions.create(model=MODEL, input={"text": "Ada"})
cancelled.cancel()
cancelled_later = replicate.predictions.get(cancelled.id).status

failed = replicate.predictions.create(model=MODEL, input={"text": "Ada"})
force(failed.id, "failed")
failure = error_of(lambda: list(failed.output_iterator()))
assert isinstance(failure, ModelError)

unknown = error_of(lambda: replicate.predictions.get("nothing"))
assert isinstance(unknown, ReplicateError)
refused = error_of(Client(api_token="invalid", base_url=BASE_URL).predictions.list)
assert isinstance(refused, ReplicateError)

listed = [one.id for page in paginate(replicate.predictions.list) for one in page]

data = {"train_data": "https://example.com/data.zip"}
training = replicate.trainings.create(model=MODEL, version=VERSION, input=data, destination="acme/mine")
while training.status not in ("succeeded", "failed", "canceled"):
    training.reload()
stopped = replicate.trainings.create(model=MODEL, version=VERSION, input=data, destination="acme/mine")
stopped.cancel()

note = FOLDER / "note.txt"
note.write_text("a note")
uploaded = replicate.files.create(note)
files = [one.id for one in replicate.files.list()]
read = replicate.files.get(uploaded.id)
deleted = replicate.files.delete(uploaded.id)

secret = replicate.webhooks.default.secret()
with receiver() as (url, next_webhook):
    notified = replicate.predictions.create(
        model=MODEL, input={"text": "Ada"}, webhook=url, webhook_events_filter=["completed"]
    )
    notified.wait()
    webhook = next_webhook()
replicate.webhooks.validate(headers=webhook.headers, body=webhook.body, secret=secret, tolerance=300)
forged = error_of(
    lambda: replicate.webhooks.validate(headers=webhook.headers, body=f"{webhook.body} ", secret=secret)
)

report(
    held=held,
    polled={"states": seen, "output": polled.output, "logs": polled.logs, "input": polled.input},
    waited={"status": waited.status, "output": waited.output, "completed_at": waited.completed_at},
    cancelled=[cancelled.status, cancelled_later],
    failed={"status": failed.status, "error": failed.error, "output": failed.output},
    unknown=unknown.status,
    refused=refused.status,
    submitted=[one.id for one in (failed, cancelled, waited, polled)],
    listed=listed,
    trainings=[training.status, training.output, stopped.status],
    files={"listed": files, "id": uploaded.id, "name": read.name, "size": read.size, "deleted": deleted},
    webhook={"id": notified.id, "body": webhook.body, "forged": type(forged).__name__},
)
