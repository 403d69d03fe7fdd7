/* A button beside each password that shows what is typed. Without scripts the pages are whole without it. */
"use strict";
(() => {
  const { show, hide } = document.currentScript?.dataset ?? document.querySelector("script[data-show]").dataset;
  for (const input of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain reveal";
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", input.id);
    button.textContent = show;
    button.addEventListener("click", () => {
      const hidden = input.type === "password";
      input.type = hidden ? "text" : "password";
      button.textContent = hidden ? hide : show;
      button.setAttribute("aria-pressed", String(hidden));
    });
    input.after(button);
    input.form.addEventListener("submit", () => { input.type = "password"; });
  }
})();
