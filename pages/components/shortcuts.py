"""Keys that press buttons: the letter stands beside the word, and does nothing while one types."""

import reflex as rx

from pages.components.kinds import Child


class Shortcuts(rx.Component):
    """Listens while it is on the page; see assets/shortcuts.js."""

    library = "$/public/shortcuts.js"
    tag = "Shortcuts"


def key(letter: str) -> dict[str, str]:
    """Give a button's `custom_attrs`: this letter presses it."""
    return {"data-shortcut": letter.lower(), "aria-keyshortcuts": letter.upper()}


def hint(letter: str) -> Child:
    """Show the letter where there is a keyboard; it is no part of the button's name."""
    return rx.el.kbd(letter.upper(), class_name="cu-key", custom_attrs={"aria-hidden": "true"})
