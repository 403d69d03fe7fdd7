/* Single keys for what stands on the page: each presses a link or button that is there without them, too. */
"use strict";
(function () {
    const OFF = "violations.keys.off";
    const writes = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])";
    const moves = new Set(["j", "k", "i"]); // they move on from a number, and from a list in which no word begins so
    const answers = "input[type=radio], input[type=checkbox]";
    const dialog = document.getElementById("keys");
    const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    let off = stored() === "1";

    function stored(value) {
        try {
            if (value !== undefined) {
                localStorage.setItem(OFF, value);
            }
            return localStorage.getItem(OFF);
        } catch {
            return null; // a browser that keeps nothing keeps the keys on
        }
    }

    function doers() {
        return [...document.querySelectorAll("[data-key]")].filter((element) => element.checkVisibility());
    }

    /* What j and k go along: the rows of a list, the questions of a form, else the parts of the page. */
    function stops() {
        for (const those of ["[data-row]", "form.deciding .field", "main section[aria-labelledby], article[aria-labelledby]"]) {
            const found = [...document.querySelectorAll(those)].filter((element) => element.checkVisibility());
            if (found.length) {
                return found;
            }
        }
        return [];
    }

    function stopAt(element) {
        const inside = element.matches(focusable) ? element
            : element.querySelector("input:checked") || (element.matches(".field") && element.querySelector(focusable));
        const to = inside || element;
        if (!inside) {
            to.tabIndex = -1;
        }
        to.focus();
        element.scrollIntoView({block: "nearest"});
    }

    function along(step) {
        const found = stops();
        const at = found.findIndex((element) => element.contains(document.activeElement));
        const next = at < 0 ? (step > 0 ? 0 : found.length - 1) : at + step;
        if (found[next]) {
            stopAt(found[next]);
        }
    }

    /* Whether a key is part of what is being written or chosen. */
    function taken(at, key) {
        if (!at.matches(writes)) {
            return false;
        }
        if (!moves.has(key) || !at.closest("form.deciding")) {
            return true;
        }
        const begins = (option) => option.text.trim().toLowerCase().startsWith(key);
        return !(at.matches("input[type=number]") || (at.matches("select") && ![...at.options].some(begins)));
    }

    /* Out of a text, but not out of its question: j and k go on from there. */
    function leave(text) {
        const field = text.closest(".field");
        if (field) {
            field.tabIndex = -1;
            field.focus();
        } else {
            text.blur();
        }
    }

    function choose(number) {
        const field = document.activeElement.closest(".field");
        const choice = field && field.querySelectorAll(answers)[number - 1];
        if (choice) {
            choice.focus();
            choice.click();
        }
    }

    function handIn() {
        const form = document.activeElement.closest("form") || document.querySelector("form.deciding");
        const button = form && form.querySelector("button.default[type=submit]");
        if (button) {
            button.click();
        }
    }

    function open() {
        const list = dialog.querySelector("dl");
        for (const told of list.querySelectorAll(".of-page")) {
            told.remove();
        }
        const seen = new Set();
        for (const doer of doers()) {
            if (!seen.has(doer.dataset.key)) {
                seen.add(doer.dataset.key);
                const row = document.createElement("div");
                row.className = "of-page";
                const key = document.createElement("dt");
                key.append(shown(doer.dataset.key));
                const does = document.createElement("dd");
                does.textContent = [...doer.childNodes].filter((node) => node.nodeName !== "KBD")
                    .map((node) => node.textContent).join("").trim();
                row.append(key, does);
                list.append(row);
            }
        }
        dialog.showModal();
    }

    function shown(key) {
        const drawn = document.createElement("kbd");
        drawn.textContent = key;
        drawn.setAttribute("aria-hidden", "true");
        return drawn;
    }

    function press(key) {
        const doer = doers().find((element) => element.dataset.key === key);
        if (!doer) {
            return false;
        }
        doer.focus();
        const into = document.getElementById(doer.dataset.into);
        if (into) { // a fold: its key opens it and goes into it, and never closes it on what was begun there
            doer.parentElement.open = true;
            into.focus();
        } else {
            doer.click();
        }
        return true;
    }

    document.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            handIn();
        } else if (event.key === "Escape" && event.target.matches(writes)) {
            leave(event.target);
        } else if (!off && !dialog.open && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing
                && !taken(event.target, event.key) && single(event.key)) {
            event.preventDefault();
        }
    });

    function single(key) {
        if (key === "j" || key === "k") {
            along(key === "j" ? 1 : -1);
        } else if (key === "i" && document.querySelector("form.deciding textarea")) {
            document.querySelector("form.deciding textarea").focus();
        } else if (/^[1-9]$/.test(key) && document.activeElement.matches(answers)) {
            choose(Number(key));
        } else {
            return press(key);
        }
        return true;
    }

    const switcher = dialog.querySelector(".keys-switch");
    function tell() {
        switcher.textContent = off ? switcher.dataset.on : switcher.dataset.off;
        document.body.classList.toggle("keys-off", off);
    }
    switcher.addEventListener("click", () => {
        off = !off;
        stored(off ? "1" : "0");
        tell();
    });
    for (const opener of document.querySelectorAll(".keys-open")) {
        opener.hidden = false;
        opener.addEventListener("click", open);
    }
    for (const doer of document.querySelectorAll("[data-key]")) {
        doer.setAttribute("aria-keyshortcuts", doer.dataset.key);
        doer.append(" ", shown(doer.dataset.key));
    }
    for (const field of document.querySelectorAll("form.deciding .field")) {
        [...field.querySelectorAll(answers)].slice(0, 9).forEach((answer, number) => {
            answer.after(" ", shown(String(number + 1)), " ");
        });
    }
    tell();

    /* Where the focus begins: at what is wrong, at the first question, or at the row that one came back to. */
    const summary = document.querySelector(".summary[role=alert]");
    const row = location.hash && document.getElementById(location.hash.slice(1));
    if (summary) {
        summary.tabIndex = -1;
        summary.focus();
    } else if (document.querySelector("form.deciding")) {
        stopAt(stops()[0]);
    } else if (row && row.matches("[data-row]")) {
        row.focus();
    }
})();
