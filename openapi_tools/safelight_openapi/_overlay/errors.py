"""Errors of overlays: one sentence that says what is wrong, where, and what to do."""


class RejectedActionError(ValueError):
    """An action cannot be applied; `location` is a JSON pointer. The engine adds overlay and action to it."""

    def __init__(self, reason: str, *, location: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.location = location


class OverlayError(ValueError):
    """An overlay is invalid, or does not match the document it is applied to.

    `action` counts from 1; `location` is a JSON pointer into the document or, for an invalid overlay, into
    the overlay itself.
    """

    def __init__(
        self,
        reason: str,
        *,
        overlay: str,
        action: int | None = None,
        target: str | None = None,
        location: str | None = None,
    ) -> None:
        where = (
            overlay,
            action and f"action {action}",
            target and f"target {target}",
            None if location is None else f"at {location or 'the root'}",
        )
        super().__init__(f"{', '.join(part for part in where if part)}: {reason}.")
        self.reason = reason
        self.overlay = overlay
        self.action = action
        self.target = target
        self.location = location
