from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.error import Error
from ...models.estimate_bulk_item import EstimateBulkItem
from ...models.estimation_bulk_error import EstimationBulkError
from ...models.estimation_bulk_success import EstimationBulkSuccess
from ...types import Response


def _get_kwargs(
    *,
    body: list[EstimateBulkItem],
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/estimate-bulk",
    }

    _kwargs["json"] = []
    for body_item_data in body:
        body_item = body_item_data.to_dict()
        _kwargs["json"].append(body_item)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Error | list[EstimationBulkError | EstimationBulkSuccess] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:

            def _parse_response_200_item(data: object) -> EstimationBulkError | EstimationBulkSuccess:
                try:
                    if not isinstance(data, dict):
                        raise TypeError()
                    response_200_item_type_0 = EstimationBulkSuccess.from_dict(data)

                    return response_200_item_type_0
                except (TypeError, ValueError, AttributeError, KeyError):
                    pass
                if not isinstance(data, dict):
                    raise TypeError()
                response_200_item_type_1 = EstimationBulkError.from_dict(data)

                return response_200_item_type_1

            response_200_item = _parse_response_200_item(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[Error | list[EstimationBulkError | EstimationBulkSuccess]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[EstimateBulkItem],
) -> Response[Error | list[EstimationBulkError | EstimationBulkSuccess]]:
    """Estimate (bulk)

     Estimates as many tasks as the body lists. The response has one entry for each, in the same order.

    Args:
        body (list[EstimateBulkItem]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | list[EstimationBulkError | EstimationBulkSuccess]]
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
    body: list[EstimateBulkItem],
) -> Error | list[EstimationBulkError | EstimationBulkSuccess] | None:
    """Estimate (bulk)

     Estimates as many tasks as the body lists. The response has one entry for each, in the same order.

    Args:
        body (list[EstimateBulkItem]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | list[EstimationBulkError | EstimationBulkSuccess]
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[EstimateBulkItem],
) -> Response[Error | list[EstimationBulkError | EstimationBulkSuccess]]:
    """Estimate (bulk)

     Estimates as many tasks as the body lists. The response has one entry for each, in the same order.

    Args:
        body (list[EstimateBulkItem]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Error | list[EstimationBulkError | EstimationBulkSuccess]]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[EstimateBulkItem],
) -> Error | list[EstimationBulkError | EstimationBulkSuccess] | None:
    """Estimate (bulk)

     Estimates as many tasks as the body lists. The response has one entry for each, in the same order.

    Args:
        body (list[EstimateBulkItem]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Error | list[EstimationBulkError | EstimationBulkSuccess]
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
