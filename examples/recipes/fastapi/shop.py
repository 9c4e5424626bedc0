"""Program under test: enlarges photographs in the background, by an asynchronous client."""

import asyncio
from uuid import uuid4

import httpx
from fastapi import BackgroundTasks, FastAPI, HTTPException, Request, Response

API = "https://api.topazlabs.com/image/v1"
KEY = {"X-API-Key": "key-of-the-shop"}

app = FastAPI()
photos: dict[str, bytes] = {}


@app.post("/photos", status_code=202)
async def take(request: Request, background: BackgroundTasks) -> dict[str, str]:
    name = uuid4().hex
    background.add_task(enlarge, name, await request.body())
    return {"photo": name}


@app.get("/photos/{name}")
async def show(name: str) -> Response:
    if name not in photos:
        raise HTTPException(404)
    return Response(photos[name], media_type="image/jpeg")


async def enlarge(name: str, photo: bytes) -> None:
    async with httpx.AsyncClient(base_url=API, headers=KEY) as api:
        submitted = await api.post("/enhance/async", files={"image": photo})
        job = submitted.raise_for_status().json()["process_id"]
        async with asyncio.timeout(1800):
            while (await api.get(f"/status/{job}")).json()["status"] != "Completed":
                await asyncio.sleep(15)
        link = (await api.get(f"/download/{job}")).json()["download_url"]
    async with httpx.AsyncClient() as storage:
        photos[name] = (await storage.get(link)).content
