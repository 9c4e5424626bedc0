"""What is said when documents and overlays cannot become an effective document."""

from collections.abc import Sequence


class SpecError(Exception):
    """An effective document that cannot be made, with every complaint about it."""

    def __init__(self, subject: str, complaints: Sequence[str]) -> None:
        self.subject = subject
        self.complaints = tuple(complaints)
        super().__init__("\n".join([f"{subject}:", *(f"  - {complaint}" for complaint in self.complaints)]))

    @property
    def line(self) -> str:
        """The same in one line."""
        return f"{self.subject}: {'; '.join(self.complaints)}"
