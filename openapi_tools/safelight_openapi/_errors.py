"""The error for documents and overlays that cannot become an effective document."""

from collections.abc import Sequence


class SpecError(Exception):
    """An effective document cannot be built; `problems` are all reasons, `subject` is what they are about."""

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join([f"{subject}:", *(f"  - {problem}" for problem in self.problems)]))

    @property
    def summary(self) -> str:
        """The message in one line."""
        return f"{self.subject}: {'; '.join(self.problems)}"
