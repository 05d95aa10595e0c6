"""Why a message did not go out."""


class NotSentError(Exception):
    """`final` says that trying again cannot help. The text is fit for the owner's screen."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final
