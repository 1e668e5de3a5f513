"use strict";
// What pages do with script and can do without: choices that are sent at once, texts that are copied, a countdown, and staying
// up to date. Everything hangs on data attributes; nothing is inline.

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

// [data-events]: a page that is told of changes, and then reads its live part again. While nobody sees it, it holds no stream: a
// browser has few connections to one server, and every open tab would keep one.
let stream = null;
function follow() {
  const at = document.querySelector("[data-events]");
  if (!at || document.hidden === (stream === null)) return;
  if (document.hidden) {
    stream.close();
    stream = null;
    return;
  }
  stream = new EventSource(at.dataset.events); // it tells at once what has changed since the page was made
  stream.addEventListener("change", () => htmx.trigger(at, "refresh"));
  stream.addEventListener("error", () => {
    if (!stream || stream.readyState !== EventSource.CLOSED) return; // it tries again by itself
    stream = null;
    setTimeout(follow, 30000);
  });
}
document.addEventListener("DOMContentLoaded", follow);
document.addEventListener("visibilitychange", follow);

// What the last action has done is said once: not again when the page is loaded again, nor for long on a page that goes on.
document.addEventListener("DOMContentLoaded", () => {
  const here = new URL(location.href);
  if (!here.searchParams.has("done")) return;
  here.searchParams.delete("done");
  history.replaceState(history.state, "", here);
});
const saidFor = 15000;

// The forms of a page that is read again: those of a state that has passed go, and those of the present one come. What
// somebody has begun to fill in stays.
function begun(section) {
  return section.contains(document.activeElement) || [...section.querySelectorAll("input, textarea, select")].some((e) =>
    e.type === "checkbox" || e.type === "radio" ? e.checked !== e.defaultChecked :
      e.options ? [...e.options].some((o) => o.selected !== o.defaultSelected) && e.selectedIndex > 0 : e.value !== e.defaultValue);
}
const about = (section) => [section, ...section.querySelectorAll("form")].map((e) => e.id).join(" ");
document.addEventListener("htmx:beforeSwap", (e) => {
  const forms = document.getElementById("forms");
  if (e.detail.target.id !== "live" || !e.detail.shouldSwap) return;
  if (performance.now() > saidFor) document.getElementById("done")?.remove();
  const fresh = new DOMParser().parseFromString(e.detail.serverResponse, "text/html").getElementById("forms");
  if (!forms || !fresh) return;
  const wanted = [...fresh.children], kept = new Map();
  for (const section of [...forms.children]) {
    const same = wanted.some((w) => about(w) === about(section));
    if (same || begun(section)) kept.set(about(section), section);
    else section.remove();
  }
  let before = null;
  for (const section of wanted) {
    const at = kept.get(about(section)) ?? section;
    if (at === section) forms.insertBefore(section, before ? before.nextSibling : forms.firstChild);
    before = at;
  }
});
