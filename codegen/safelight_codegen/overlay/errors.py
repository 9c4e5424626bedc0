"""What can be wrong with an overlay: one sentence that says what, where, and what to do."""

from safelight_codegen.overlay.places import Place, pointer


class Refusal(ValueError):  # noqa: N818 — a reason, not yet an error for the user
    """Why an action cannot be done at a place; the engine adds whose action it was."""

    def __init__(self, reason: str, *, place: Place | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = None if place is None else pointer(place)


class OverlayError(ValueError):
    """An overlay that is not valid, or that does not fit the document it is applied to.

    `action` counts from 1; `place` is a JSON pointer, into the document or, for an invalid overlay, into the overlay.
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
        parts = (
            overlay,
            action and f"action {action}",
            target and f"target {target}",
            None if place is None else f"at {place or 'the root'}",
        )
        super().__init__(f"{', '.join(part for part in parts if part)}: {reason}.")
        self.reason = reason
        self.overlay = overlay
        self.action = action
        self.target = target
        self.place = place
