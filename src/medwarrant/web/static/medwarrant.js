// Pages work without this. After htmx has put a page in place of another, it does what a browser does when it loads
// one: the reader is brought to the beginning, and a screen reader hears where it is.
"use strict";

// A form that leads back to a part of its page says which; an address that htmx followed has lost it.
let back = "";
document.addEventListener("htmx:configRequest", (event) => {
  back = (event.detail.verb === "post" && event.detail.parameters.back) || "";
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== document.body) return;
  const errors = document.querySelector(".errors, .adding[autofocus]");
  const named = document.getElementById(back || location.hash.slice(1));
  const place = errors || named || document.querySelector("main h1") || document.getElementById("main");
  if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
  if (errors || named) place.scrollIntoView();
  else scrollTo(0, 0);
});

// The server cannot be reached: say so where the reader looks.
document.addEventListener("htmx:sendError", () => {
  const busy = document.getElementById("busy");
  busy.classList.add("failed");
  busy.firstElementChild.textContent = "The server does not answer. Open the page again before you repeat what you did.";
});
