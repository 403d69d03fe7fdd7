"""A person at a keyboard: nothing here clicks, and every key and page load is counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from playwright.sync_api import Frame, Page

# What may be pressed, chosen or typed into; each has to say what it is.
CONTROLS = {"button", "link", "textbox", "searchbox", "radio", "checkbox", "combobox", "spinbutton"}
FOCUS = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    return [at.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""
PLACE = "() => (document.activeElement.closest('.field, [data-row], section') || document.body).id"


class Keyboard:
    """The keys of a page. `counted` has loads, keys that command, and characters that are typed as words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.counted: Counter[str] = Counter()
        page.on("framenavigated", self._navigated)

    def _navigated(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.counted["loads"] += 1

    def press(self, *keys: str) -> None:
        """Press keys that lead to no other page, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
            self.counted["keys"] += 1

    def go(self, key: str) -> None:
        """Press a key that leads to another page, and wait until that stands."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)

    def type(self, words: str) -> None:
        """Write words where the focus is."""
        self.page.keyboard.type(words)
        self.counted["characters"] += len(words)

    def to(self, selector: str, *, by: str = "j", most: int = 60) -> None:
        """Move on until the focus is within what `selector` says; where it is writing, leave the text first."""
        for _step in range(most):
            if self.page.evaluate("(it) => document.activeElement.closest(it) !== null", selector):
                return
            before = self.page.evaluate(PLACE)
            self.press(by)
            if self.page.evaluate(PLACE) == before:  # the key was part of what is written or chosen there
                self.press("Escape", by)
        raise AssertionError(f"{selector} is not reached by {by} in {self.page.url}")

    def answer(self, question: str, value: str) -> None:
        """Move to a question of a form and choose an answer by its number."""
        self.to(f"#id_{question}_field")
        values = self.page.locator(f"#id_{question}_field input").evaluate_all("(all) => all.map((one) => one.value)")
        chosen = self.page.locator(f"#id_{question}_field input").nth(values.index(value))
        if not chosen.is_checked() and values.index(value) < 9:
            self.press(str(values.index(value) + 1))
        elif not chosen.is_checked():  # boxes past the ninth have no number
            self.press("9", "9", "Tab", "Space")
        assert chosen.is_checked(), (question, value)

    def require_focus_seen(self) -> None:
        """The focus is on something, and a line is drawn around it."""
        name, style, width = self.page.evaluate(FOCUS)
        assert name != "BODY"
        assert (style, width >= 2) == ("solid", True), (name, style, width)

    def controls(self) -> list[tuple[str, str]]:
        """Role and name of every control, as a screen reader is told; what has no name is not to be used."""
        session = self.page.context.new_cdp_session(self.page)
        nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
        found = [
            (node["role"]["value"], node.get("name", {}).get("value", "").strip())
            for node in nodes
            if not node["ignored"] and node["role"]["value"] in CONTROLS
        ]
        session.detach()
        return found
