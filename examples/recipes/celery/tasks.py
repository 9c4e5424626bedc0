"""Program under test: tasks that submit a photograph and save the result, by polling or by a webhook."""

from pathlib import Path

import requests
from celery import Celery
from flask import Flask, request

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "key-of-the-shop"}

app = Celery("shop", broker="memory://", backend="cache+memory://")
web = Flask(__name__)


@app.task(autoretry_for=(requests.ConnectionError,), retry_backoff=True)
def submit(photo: str) -> str:
    files = {"image": Path(photo).read_bytes()}
    data = {"webhook_url": "https://shop.example/hooks"}
    response = requests.post(f"{API}/enhance/async", headers=KEY, files=files, data=data, timeout=9)
    response.raise_for_status()
    return response.json()["process_id"]


@app.task(bind=True, max_retries=100, default_retry_delay=15)
def save(self, job: str, to: str) -> None:
    status = requests.get(f"{API}/status/{job}", headers=KEY, timeout=9).json()["status"]
    if status == "Failed":
        raise ValueError(f"the API could not enlarge {job}")
    if status != "Completed":
        raise self.retry()
    link = requests.get(f"{API}/download/{job}", headers=KEY, timeout=9).json()["download_url"]
    Path(to).write_bytes(requests.get(link, timeout=9).content)


def enlarge(photo: str, to: str):
    return (submit.s(photo) | save.s(to)).apply_async()


@web.post("/hooks")
def receive():
    message = request.get_json()
    if message["status"] == "Completed":
        save.delay(message["process_id"], f"{message['process_id']}.jpg")
    return "", 204
