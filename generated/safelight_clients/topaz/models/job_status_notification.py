from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.job_status_notification_status import JobStatusNotificationStatus
from ..types import UNSET, Unset

T = TypeVar("T", bound="JobStatusNotification")


@_attrs_define
class JobStatusNotification:
    """
    Attributes:
        notification_id (str): Unique identifier for this notification, a ULID. Can be used to order messages in case
            they are received out of order.
        process_id (UUID): Unique identifier of the image processing job.
        status (JobStatusNotificationStatus): Current status of the job.
        creation_time (int): Unix timestamp in seconds when the job was created.
        modification_time (int): Unix timestamp in seconds when the job was last modified.
        progress (int): Progress of the job as a percentage (0-100).
        input_download_url (str): Presigned GET URL for the input image.
        input_head_url (str): Presigned HEAD URL for the input image.
        download_url (str | Unset): Presigned GET URL for the processed image. Only present once the job is completed.
        head_url (str | Unset): Presigned HEAD URL for the processed image. Only present once the job is completed.
    """

    notification_id: str
    process_id: UUID
    status: JobStatusNotificationStatus
    creation_time: int
    modification_time: int
    progress: int
    input_download_url: str
    input_head_url: str
    download_url: str | Unset = UNSET
    head_url: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        notification_id = self.notification_id

        process_id = str(self.process_id)

        status = self.status.value

        creation_time = self.creation_time

        modification_time = self.modification_time

        progress = self.progress

        input_download_url = self.input_download_url

        input_head_url = self.input_head_url

        download_url = self.download_url

        head_url = self.head_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "notification_id": notification_id,
                "process_id": process_id,
                "status": status,
                "creation_time": creation_time,
                "modification_time": modification_time,
                "progress": progress,
                "input_download_url": input_download_url,
                "input_head_url": input_head_url,
            }
        )
        if download_url is not UNSET:
            field_dict["download_url"] = download_url
        if head_url is not UNSET:
            field_dict["head_url"] = head_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        notification_id = d.pop("notification_id")

        process_id = UUID(d.pop("process_id"))

        status = JobStatusNotificationStatus(d.pop("status"))

        creation_time = d.pop("creation_time")

        modification_time = d.pop("modification_time")

        progress = d.pop("progress")

        input_download_url = d.pop("input_download_url")

        input_head_url = d.pop("input_head_url")

        download_url = d.pop("download_url", UNSET)

        head_url = d.pop("head_url", UNSET)

        job_status_notification = cls(
            notification_id=notification_id,
            process_id=process_id,
            status=status,
            creation_time=creation_time,
            modification_time=modification_time,
            progress=progress,
            input_download_url=input_download_url,
            input_head_url=input_head_url,
            download_url=download_url,
            head_url=head_url,
        )

        job_status_notification.additional_properties = d
        return job_status_notification

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
