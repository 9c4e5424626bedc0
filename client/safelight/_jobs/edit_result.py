"""A result that is there at once, without a job."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

from safelight._errors import NoResultError
from safelight._files.downloads import fetch
from safelight._http.response import JSON
from safelight._http.session import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture to save. `url` is where it lies for a while, `details` what the service says of it."""

    url: str | None = field(repr=False)
    details: Mapping[str, JSON] = field(repr=False)
    line: Line = field(repr=False, compare=False)

    def save(self, path: str | PathLike[str]) -> Path:
        """Download it to a file and return its path.

        The file appears whole or not at all, in place of an older one; its host never sees the key. Raises
        NoResultError for a picture that was put elsewhere, ApiError for a link that has expired,
        NetworkError, DownloadError for a wrong length, OSError when the file cannot be written.
        """
        if self.url is None:
            raise NoResultError("the picture has no link to download it by")
        return fetch(self.line, self.url, Path(path))
