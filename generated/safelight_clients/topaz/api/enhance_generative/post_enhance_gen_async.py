from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.async_response import AsyncResponse
from ...models.enhance_gen_request import EnhanceGenRequest
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    *,
    body: EnhanceGenRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/enhance-gen/async",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AsyncResponse | Error | None:
    if response.status_code == 200:
        response_200 = AsyncResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 402:
        response_402 = Error.from_dict(response.json())

        return response_402

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 412:
        response_412 = Error.from_dict(response.json())

        return response_412

    if response.status_code == 413:
        response_413 = Error.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Error.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = Error.from_dict(response.json())

        return response_422

    if response.status_code == 425:
        response_425 = Error.from_dict(response.json())

        return response_425

    if response.status_code == 429:
        response_429 = Error.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = Error.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AsyncResponse | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: EnhanceGenRequest,
) -> Response[AsyncResponse | Error]:
    """Enhance Generative (asynchronous)

     An asynchronous endpoint when you need to enhance a large amount of images or when you don't need an
    immediate result. Use this endpoint for:
      - Most jobs, where you don't need the image as soon as it has been enhanced
      - Bulk processing of a large amount of images
      - Freeing up threads during runtime while using the API
      - Running jobs which require status update polling

    Returns `process_id` and `eta` to use as an efficient way to track the progress of the image
    enhancement job:
      - Use the `Status` endpoints to check the status of this job using the returned `process_id`.
      - Use the `Download` endpoint to download the processed image once it is ready.
      - Use the `Cancel` endpoint to cancel the job while it is in progress.

    The same `process_id` and `eta` are also returned in the response headers as `X-Process-Id` and
    `X-ETA` respectively.

    > The `eta` represents when the job is expected to finish in Unix time. We recommend using this to
    know when you can expect your (bulk) jobs to finish processing.

    Output dimensions of 256 megapixels is the maximum supported. The `Recovery` model has an additional
    limit of 16 megapixels as **input** dimensions.

    Args:
        body (EnhanceGenRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AsyncResponse | Error]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: EnhanceGenRequest,
) -> AsyncResponse | Error | None:
    """Enhance Generative (asynchronous)

     An asynchronous endpoint when you need to enhance a large amount of images or when you don't need an
    immediate result. Use this endpoint for:
      - Most jobs, where you don't need the image as soon as it has been enhanced
      - Bulk processing of a large amount of images
      - Freeing up threads during runtime while using the API
      - Running jobs which require status update polling

    Returns `process_id` and `eta` to use as an efficient way to track the progress of the image
    enhancement job:
      - Use the `Status` endpoints to check the status of this job using the returned `process_id`.
      - Use the `Download` endpoint to download the processed image once it is ready.
      - Use the `Cancel` endpoint to cancel the job while it is in progress.

    The same `process_id` and `eta` are also returned in the response headers as `X-Process-Id` and
    `X-ETA` respectively.

    > The `eta` represents when the job is expected to finish in Unix time. We recommend using this to
    know when you can expect your (bulk) jobs to finish processing.

    Output dimensions of 256 megapixels is the maximum supported. The `Recovery` model has an additional
    limit of 16 megapixels as **input** dimensions.

    Args:
        body (EnhanceGenRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AsyncResponse | Error
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: EnhanceGenRequest,
) -> Response[AsyncResponse | Error]:
    """Enhance Generative (asynchronous)

     An asynchronous endpoint when you need to enhance a large amount of images or when you don't need an
    immediate result. Use this endpoint for:
      - Most jobs, where you don't need the image as soon as it has been enhanced
      - Bulk processing of a large amount of images
      - Freeing up threads during runtime while using the API
      - Running jobs which require status update polling

    Returns `process_id` and `eta` to use as an efficient way to track the progress of the image
    enhancement job:
      - Use the `Status` endpoints to check the status of this job using the returned `process_id`.
      - Use the `Download` endpoint to download the processed image once it is ready.
      - Use the `Cancel` endpoint to cancel the job while it is in progress.

    The same `process_id` and `eta` are also returned in the response headers as `X-Process-Id` and
    `X-ETA` respectively.

    > The `eta` represents when the job is expected to finish in Unix time. We recommend using this to
    know when you can expect your (bulk) jobs to finish processing.

    Output dimensions of 256 megapixels is the maximum supported. The `Recovery` model has an additional
    limit of 16 megapixels as **input** dimensions.

    Args:
        body (EnhanceGenRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AsyncResponse | Error]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: EnhanceGenRequest,
) -> AsyncResponse | Error | None:
    """Enhance Generative (asynchronous)

     An asynchronous endpoint when you need to enhance a large amount of images or when you don't need an
    immediate result. Use this endpoint for:
      - Most jobs, where you don't need the image as soon as it has been enhanced
      - Bulk processing of a large amount of images
      - Freeing up threads during runtime while using the API
      - Running jobs which require status update polling

    Returns `process_id` and `eta` to use as an efficient way to track the progress of the image
    enhancement job:
      - Use the `Status` endpoints to check the status of this job using the returned `process_id`.
      - Use the `Download` endpoint to download the processed image once it is ready.
      - Use the `Cancel` endpoint to cancel the job while it is in progress.

    The same `process_id` and `eta` are also returned in the response headers as `X-Process-Id` and
    `X-ETA` respectively.

    > The `eta` represents when the job is expected to finish in Unix time. We recommend using this to
    know when you can expect your (bulk) jobs to finish processing.

    Output dimensions of 256 megapixels is the maximum supported. The `Recovery` model has an additional
    limit of 16 megapixels as **input** dimensions.

    Args:
        body (EnhanceGenRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AsyncResponse | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
