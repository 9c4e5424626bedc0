"""What can be wrong with an overlay: one sentence that says what, where, and what to do."""


class RefusalError(ValueError):
    """Why an action cannot be done; `place` is a JSON pointer. The engine adds whose action it was."""

    def __init__(self, reason: str, *, place: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class OverlayError(ValueError):
    """An overlay that is not valid, or that does not fit the document it is applied to.

    `action` counts from 1; `place` is a JSON pointer into the document or, for an invalid overlay, into the
    overlay itself.
    """

    def __init__(
        self,
        reason: str,
        *,
        overlay: str,
        action: int | None = None,
        target: str | None = None,
        place: str | None = None,
    ) -> None:
        where = (
            overlay,
            action and f"action {action}",
            target and f"target {target}",
            None if place is None else f"at {place or 'the root'}",
        )
        super().__init__(f"{', '.join(part for part in where if part)}: {reason}.")
        self.reason = reason
        self.overlay = overlay
        self.action = action
        self.target = target
        self.place = place
