"""The folder of a recording: files by digest, the scenario and the observations."""

import hashlib
import tempfile
from collections.abc import Sequence
from mimetypes import guess_extension
from pathlib import Path

from ruamel.yaml import YAML

from safelight_mock.recording.jobs import Node
from safelight_mock.recording.observations import Row, page

FILES = "files"
MOST = 50_000_000  # bytes of a file, as scenarios have it
ALL = 2_000_000_000  # bytes of all files


class Spool:
    """Writes a body to a file while it arrives; `digest` is empty if it was too long to be kept."""

    def __init__(self, folder: Path, left: int) -> None:
        self._file = tempfile.NamedTemporaryFile(dir=folder, prefix=".part-", delete=False)  # noqa: SIM115 - closed by `keep`
        self._hash = hashlib.sha256()
        self._most = min(MOST, left)
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self.size += len(chunk)
        if self.size <= self._most:
            self._hash.update(chunk)
            self._file.write(chunk)

    def keep(self, *, extension: str = "", is_whole: bool) -> str:
        """Close the file and give it the name of its digest; return that, or an empty text."""
        self._file.close()
        part = Path(self._file.name)
        if not is_whole or not 0 < self.size <= self._most:
            part.unlink()
            return ""
        digest = self._hash.hexdigest()
        part.replace(part.with_name(f"{digest}{extension}"))
        return digest


class Folder:
    """Raises FileExistsError for a folder with a recording of that name, and OSError."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.scenario = path / f"{name}.yaml"
        self._names: dict[str, str] = {}
        self._left = ALL
        if self.scenario.exists():
            raise FileExistsError(f"{self.scenario} exists; choose another folder, or remove the file")
        (path / FILES).mkdir(parents=True, exist_ok=True)

    def spool(self) -> Spool:
        """Return what a body is written to."""
        return Spool(self.path / FILES, self._left)

    def keep(self, spool: Spool, media_type: str, *, is_whole: bool) -> str:
        """Keep a body that has arrived; return its digest, or an empty text if it is not kept."""
        extension = guess_extension(media_type) or ""
        digest = spool.keep(extension=extension, is_whole=is_whole)
        if digest and digest not in self._names:
            self._names[digest] = f"{digest}{extension}"
            self._left -= spool.size
        return digest

    def path_of(self, digest: str) -> str:
        """Return where a file is, relative to the scenario."""
        return f"{FILES}/{self._names[digest]}"

    def write(self, rules: Sequence[Node], rows: Sequence[Row], description: str) -> None:
        """Write scenario and observations; without rules there is no scenario."""
        (self.path / "observations.md").write_text(page(rows), encoding="utf-8")
        if not rules:
            return
        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style = False
        yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # it is declared as None
        yaml.width, yaml.allow_unicode = 110, True
        part = self.scenario.with_suffix(".part")
        with part.open("w", encoding="utf-8") as file:
            yaml.dump({"version": "1", "description": description, "rules": [*rules]}, file)
        part.replace(self.scenario)
