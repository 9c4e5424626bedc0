"""The result of a synchronous request, without a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from safelight._errors import NoResultError
from safelight._files.downloads import download_file
from safelight_lifecycle import JSON

if TYPE_CHECKING:
    from safelight._http.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """An edited image. `url` is a temporary link to it, `details` are the service's data about it."""

    url: str | None = field(repr=False)
    details: Mapping[str, JSON] = field(repr=False)
    _session: "Session" = field(repr=False, compare=False)

    def save(self, path: str | PathLike[str]) -> Path:
        """Download the image to a file and return its path.

        An existing file is replaced when the download is complete. The API key is not sent to the file's
        host. Raises NoResultError if the service stored the image elsewhere, ApiError for an expired link,
        NetworkError, DownloadError for a wrong length, OSError if the file cannot be written.
        """
        if self.url is None:
            raise NoResultError("the image has no link; the service stored it elsewhere")
        return download_file(self._session, self.url, Path(path))
