from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.detailer_upscaler_artwork_response import DetailerUpscalerArtworkResponse
from ...models.error import Error
from ...models.other_artwork_response import OtherArtworkResponse
from ...models.upscaling_artwork_response import UpscalingArtworkResponse
from ...types import Response


def _get_kwargs(
    id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/artworks/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse | None:
    if response.status_code == 200:

        def _parse_response_200(
            data: object,
        ) -> DetailerUpscalerArtworkResponse | OtherArtworkResponse | UpscalingArtworkResponse:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_artwork_type_0 = DetailerUpscalerArtworkResponse.from_dict(data)

                return componentsschemas_artwork_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_artwork_type_1 = UpscalingArtworkResponse.from_dict(data)

                return componentsschemas_artwork_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_artwork_type_2 = OtherArtworkResponse.from_dict(data)

            return componentsschemas_artwork_type_2

        response_200 = _parse_response_200(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Error.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Error.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Error.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Error.from_dict(response.json())

        return response_404

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
) -> Response[DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse]:
    """Find an artwork

     Returns the status of an artwork you requested. An artwork is deleted 8 days after it was created.

    Args:
        id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse]
    """

    kwargs = _get_kwargs(
        id=id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: UUID,
    *,
    client: AuthenticatedClient,
) -> DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse | None:
    """Find an artwork

     Returns the status of an artwork you requested. An artwork is deleted 8 days after it was created.

    Args:
        id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse
    """

    return sync_detailed(
        id=id,
        client=client,
    ).parsed


async def asyncio_detailed(
    id: UUID,
    *,
    client: AuthenticatedClient,
) -> Response[DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse]:
    """Find an artwork

     Returns the status of an artwork you requested. An artwork is deleted 8 days after it was created.

    Args:
        id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse]
    """

    kwargs = _get_kwargs(
        id=id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: UUID,
    *,
    client: AuthenticatedClient,
) -> DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse | None:
    """Find an artwork

     Returns the status of an artwork you requested. An artwork is deleted 8 days after it was created.

    Args:
        id (UUID):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DetailerUpscalerArtworkResponse | Error | OtherArtworkResponse | UpscalingArtworkResponse
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
        )
    ).parsed
