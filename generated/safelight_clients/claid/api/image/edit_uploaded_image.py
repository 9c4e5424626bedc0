from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.edit_envelope import EditEnvelope
from ...models.edit_upload_request import EditUploadRequest
from ...models.http_error_details import HttpErrorDetails
from ...models.nested_http_error_details import NestedHttpErrorDetails
from ...types import Response


def _get_kwargs(
    *,
    body: EditUploadRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/image/edit/upload",
    }

    _kwargs["files"] = body.to_multipart()

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails | None:
    if response.status_code == 200:
        response_200 = EditEnvelope.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = HttpErrorDetails.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = HttpErrorDetails.from_dict(response.json())

        return response_401

    if response.status_code == 402:
        response_402 = HttpErrorDetails.from_dict(response.json())

        return response_402

    if response.status_code == 403:
        response_403 = HttpErrorDetails.from_dict(response.json())

        return response_403

    if response.status_code == 422:
        response_422 = HttpErrorDetails.from_dict(response.json())

        return response_422

    if response.status_code == 429:

        def _parse_response_429(data: object) -> HttpErrorDetails | NestedHttpErrorDetails:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_rate_limit_error_type_0 = HttpErrorDetails.from_dict(data)

                return componentsschemas_rate_limit_error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_rate_limit_error_type_1 = NestedHttpErrorDetails.from_dict(data)

            return componentsschemas_rate_limit_error_type_1

        response_429 = _parse_response_429(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = HttpErrorDetails.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: EditUploadRequest,
) -> Response[EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails]:
    """Image Edit Upload

     Edits an image that is sent along and returns the result, which is named after it.

    Args:
        body (EditUploadRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails]
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
    body: EditUploadRequest,
) -> EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails | None:
    """Image Edit Upload

     Edits an image that is sent along and returns the result, which is named after it.

    Args:
        body (EditUploadRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: EditUploadRequest,
) -> Response[EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails]:
    """Image Edit Upload

     Edits an image that is sent along and returns the result, which is named after it.

    Args:
        body (EditUploadRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: EditUploadRequest,
) -> EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails | None:
    """Image Edit Upload

     Edits an image that is sent along and returns the result, which is named after it.

    Args:
        body (EditUploadRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        EditEnvelope | HttpErrorDetails | NestedHttpErrorDetails
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
