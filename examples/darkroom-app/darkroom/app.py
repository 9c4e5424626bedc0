"""The web application: takes orders, has photographs enlarged, and receives webhooks."""

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request, Response

from darkroom.http import NoResponseError
from darkroom.vendors import VENDORS, UnpaidError

HOOKS = "https://darkroom.example/hooks"
DEADLINE = 30 * 60  # seconds after which a customer gets the money back
LONGEST_PAUSE = 60.0  # seconds between two polls of a job

app = FastAPI()
orders: dict[str, "Order"] = {}
maintenance_until = 0.0  # when webhooks are received again, in Unix seconds


@dataclass
class Order:
    """A photograph to enlarge. `state`: working, ready, failed, late or unpaid."""

    id: str
    vendor: str
    job: str = ""
    state: str = "working"
    result: bytes = b""


@app.post("/orders/{vendor}", status_code=202)
async def take(
    vendor: str, request: Request, background: BackgroundTasks, poll: bool = True
) -> dict[str, str]:
    """Take an order; the body is the photograph. Without `poll`, only the webhook says when it is done."""
    if vendor not in VENDORS:
        raise HTTPException(404)
    order = Order(uuid4().hex, vendor)
    orders[order.id] = order
    background.add_task(work, order, await request.body(), poll)
    return {"id": order.id}


@app.get("/orders/{name}")
def show(name: str) -> dict[str, str]:
    """Show the state of an order."""
    return {"id": name, "state": order_of(name).state}


@app.get("/orders/{name}/photo")
def photo(name: str) -> Response:
    """Return the enlarged photograph."""
    if order_of(name).state != "ready":
        raise HTTPException(404)
    return Response(orders[name].result, media_type="image/jpeg")


@app.post("/hooks/{vendor}", status_code=204)
def receive(vendor: str, message: dict[str, Any]) -> None:
    """Receive a webhook, which may come twice, late, or for an order that is over."""
    if time.time() < maintenance_until:
        raise HTTPException(503, "maintenance")
    job, state = VENDORS[vendor].webhook(message)
    for order in [one for one in orders.values() if one.job == job and one.state == "working"]:
        finish(order, state)


def order_of(name: str) -> Order:
    """Return an order, if there is one."""
    if name not in orders:
        raise HTTPException(404)
    return orders[name]


def work(order: Order, photograph: bytes, poll: bool) -> None:
    """Have a photograph enlarged, and wait for it until the deadline."""
    deadline, pause = time.monotonic() + DEADLINE, 5.0
    try:
        order.job = submit_once(order, photograph)
    except UnpaidError:
        order.state = "unpaid"
        return
    while poll and order.state == "working":
        with suppress(NoResponseError):  # the next poll may get one
            finish(order, VENDORS[order.vendor].state(order.job))
        if order.state == "working" and time.monotonic() + pause > deadline:
            order.state = "late"
        elif order.state == "working":
            time.sleep(pause)
            pause = min(pause * 1.5, LONGEST_PAUSE)


def submit_once(order: Order, photograph: bytes) -> str:
    """Return the job of an order. Without a response, look for the job before another one is paid for."""
    vendor, webhook = VENDORS[order.vendor], f"{HOOKS}/{order.vendor}"
    try:
        return vendor.submit(order.id, photograph, webhook)
    except NoResponseError:
        return vendor.find(order.id) or vendor.submit(order.id, photograph, webhook)


def finish(order: Order, state: str) -> None:
    """Store the result of a job that is over."""
    if state == "failed":
        order.state = "failed"
    elif state == "done":
        order.result = VENDORS[order.vendor].result(order.job)
        order.state = "ready"
