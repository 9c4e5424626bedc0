from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.create_detailer_upscaler_artwork_request import CreateDetailerUpscalerArtworkRequest
from ...models.detailer_upscaler_artwork_response import DetailerUpscalerArtworkResponse
from ...models.error import Error
from ...types import Response


def _get_kwargs(
    *,
    body: CreateDetailerUpscalerArtworkRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/artworks/detailer-upscaler",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DetailerUpscalerArtworkResponse | Error | None:
    if response.status_code == 202:
        response_202 = DetailerUpscalerArtworkResponse.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

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
) -> Response[DetailerUpscalerArtworkResponse | Error]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateDetailerUpscalerArtworkRequest,
) -> Response[DetailerUpscalerArtworkResponse | Error]:
    """Detailer Upscaler

     Sharpen fine details in an image and optionally upscale it. Set scaleFactor to 1 for detail
    enhancement only, or 2, 4, or 8 to combine enhancement with upscaling.

    Args:
        body (CreateDetailerUpscalerArtworkRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DetailerUpscalerArtworkResponse | Error]
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
    body: CreateDetailerUpscalerArtworkRequest,
) -> DetailerUpscalerArtworkResponse | Error | None:
    """Detailer Upscaler

     Sharpen fine details in an image and optionally upscale it. Set scaleFactor to 1 for detail
    enhancement only, or 2, 4, or 8 to combine enhancement with upscaling.

    Args:
        body (CreateDetailerUpscalerArtworkRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DetailerUpscalerArtworkResponse | Error
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CreateDetailerUpscalerArtworkRequest,
) -> Response[DetailerUpscalerArtworkResponse | Error]:
    """Detailer Upscaler

     Sharpen fine details in an image and optionally upscale it. Set scaleFactor to 1 for detail
    enhancement only, or 2, 4, or 8 to combine enhancement with upscaling.

    Args:
        body (CreateDetailerUpscalerArtworkRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DetailerUpscalerArtworkResponse | Error]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CreateDetailerUpscalerArtworkRequest,
) -> DetailerUpscalerArtworkResponse | Error | None:
    """Detailer Upscaler

     Sharpen fine details in an image and optionally upscale it. Set scaleFactor to 1 for detail
    enhancement only, or 2, 4, or 8 to combine enhancement with upscaling.

    Args:
        body (CreateDetailerUpscalerArtworkRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DetailerUpscalerArtworkResponse | Error
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
