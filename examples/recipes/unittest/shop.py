"""Program under test: enlarges a photograph, with nothing but the standard library."""

import json
import time
from urllib.request import Request, urlopen

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "key-of-the-shop"}
FORM = "multipart/form-data; boundary=part"


def enlarge(photo: bytes) -> bytes:
    head = '--part\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n\r\n'
    body = head.encode() + photo + b"\r\n--part--\r\n"
    job = call(Request(f"{API}/enhance/async", body, {**KEY, "Content-Type": FORM}))["process_id"]
    while call(Request(f"{API}/status/{job}", headers=KEY))["status"] != "Completed":
        time.sleep(60)
    link = call(Request(f"{API}/download/{job}", headers=KEY))["download_url"]
    with urlopen(link, timeout=9) as response:
        return response.read()


def call(request: Request) -> dict:
    with urlopen(request, timeout=9) as response:
        return json.load(response)
