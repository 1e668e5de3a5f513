"use strict";
// What pages do with script and can do without: choices that are sent at once, texts that are copied, a countdown, and a menu
// that is closed on phones. Everything hangs on data attributes; nothing is inline.

document.documentElement.classList.add("js");

// <select data-submit>: choosing sends the form.
document.addEventListener("change", (e) => {
  if (e.target.matches("select[data-submit]")) e.target.form.requestSubmit();
});

// <button data-copy="ID">: copies the text of an element.
document.addEventListener("click", (e) => {
  const button = e.target.closest("button[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  const before = button.textContent;
  navigator.clipboard.writeText(from.value ?? from.textContent).then(
    () => { button.textContent = "Copied"; },
    () => { button.textContent = "Select the text and copy it yourself"; },
  ).finally(() => setTimeout(() => { button.textContent = before; }, 2000));
});

// <form data-confirm="question">: asks first.
document.addEventListener("submit", (e) => {
  const question = e.target.dataset && e.target.dataset.confirm;
  if (question && !window.confirm(question)) e.preventDefault();
});

// <time data-until="2026-01-01T00:00:00Z" data-now="...">: how long until then, by the server's clock, which may be turned.
const began = new Map();
function countDown() {
  for (const t of document.querySelectorAll("time[data-until]")) {
    const key = t.dataset.until + " " + t.dataset.now;
    if (!began.has(key)) began.set(key, Date.now());
    const now = Date.parse(t.dataset.now) + (Date.now() - began.get(key));
    const left = Math.max(0, Math.round((Date.parse(t.dataset.until) - now) / 1000));
    const h = Math.floor(left / 3600), m = Math.floor(left / 60) % 60, s = left % 60;
    t.textContent = (h ? h + " h " : "") + (h || m ? m + " min " : "") + s + " s";
  }
}
setInterval(countDown, 1000);
document.addEventListener("DOMContentLoaded", countDown);
document.addEventListener("htmx:afterSwap", countDown);

// On a phone the menu is closed at first; elsewhere it is always open.
document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("details.menu");
  if (!menu) return;
  const narrow = window.matchMedia("(max-width: 50rem)");
  const fit = () => { menu.open = !narrow.matches; };
  fit();
  narrow.addEventListener("change", fit);
});
