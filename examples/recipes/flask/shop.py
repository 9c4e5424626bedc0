"""Program under test: takes photographs, and learns by webhooks when they are enlarged."""

import requests
from flask import Flask, Response, request

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "key-of-the-shop"}

app = Flask(__name__)
links: dict[str, str] = {}


@app.post("/photos")
def take():
    files = {"image": request.get_data()}
    data = {"webhook_url": "https://shop.example/hooks"}
    job = requests.post(f"{API}/enhance/async", headers=KEY, files=files, data=data, timeout=9)
    if job.status_code == 402:
        return {"error": "we are out of credits"}, 503
    job.raise_for_status()
    return {"job": job.json()["process_id"]}, 202


@app.post("/hooks")
def receive():
    message = request.get_json()
    if message["status"] == "Completed":
        job = message["process_id"]
        found = requests.get(f"{API}/download/{job}", headers=KEY, timeout=9)
        links[job] = found.json()["download_url"]
    return "", 204


@app.get("/photos/<job>")
def show(job: str):
    if job not in links:
        return {"state": "not ready"}, 404
    return Response(requests.get(links[job], timeout=9).content, mimetype="image/jpeg")
