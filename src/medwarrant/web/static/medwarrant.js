// Pages work without this. After htmx has put a page in place of another, it does what a browser does when it loads
// one: the reader is brought to the beginning, and a screen reader hears where it is.
"use strict";

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== document.body) return;
  const errors = document.querySelector(".errors");
  const named = location.hash && document.getElementById(location.hash.slice(1));
  const place = errors || named || document.querySelector("main h1") || document.getElementById("main");
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: !errors && !named });
});

// The server cannot be reached: say so where the reader looks.
document.addEventListener("htmx:sendError", () => {
  const busy = document.getElementById("busy");
  busy.classList.add("failed");
  busy.firstElementChild.textContent = "The server does not answer. Open the page again before you repeat what you did.";
});
