// Comfort for those who have scripts: theme, keys, copying. Every page reads without it.
"use strict";

(function () {
  const root = document.documentElement;
  const themes = ["auto", "light", "dark"];
  const stored = function () {
    try { return localStorage.getItem("theme") || "auto"; } catch (_) { return "auto"; }
  };
  const apply = function (theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(stored()); // before the first paint

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.querySelector("button.theme");
    const label = function () { button.textContent = button.dataset[stored()] || button.dataset.auto; };
    const turn = function () {
      const next = themes[(themes.indexOf(stored()) + 1) % themes.length];
      try { localStorage.setItem("theme", next); } catch (_) { /* then only for this page */ }
      apply(next);
      label();
    };
    button.hidden = false;
    label();
    button.addEventListener("click", turn);

    // in the margin a note is always open: say so to assistive technology, and to browsers that can't show it otherwise
    const wide = matchMedia("(min-width: 64rem)");
    const notes = document.querySelectorAll("details.note:not(.folded)");
    const unfold = function () { notes.forEach(function (note) { note.open = wide.matches; }); };
    wide.addEventListener("change", unfold);
    unfold();
    notes.forEach(function (note) {
      note.querySelector("summary").addEventListener("click", function (event) {
        if (wide.matches) event.preventDefault();
      });
    });

    document.addEventListener("click", function (event) {
      const link = event.target.closest("[data-copy], [data-copy-from]");
      if (!link || !navigator.clipboard) return;
      event.preventDefault();
      const text = link.dataset.copy
        ? Promise.resolve(link.dataset.copy)
        : fetch(link.dataset.copyFrom).then(function (answer) {
            if (!answer.ok) throw new Error(answer.status);
            return answer.text();
          });
      text.then(function (words) { return navigator.clipboard.writeText(words); }).then(function () {
        const before = link.textContent;
        link.textContent = link.dataset.done;
        setTimeout(function () { link.textContent = before; }, 1500);
      }).catch(function () { location.href = link.href; });
    });

    const help = document.getElementById("keys");
    const keys = document.querySelector("button.keys");
    keys.hidden = false;
    keys.addEventListener("click", function () { help.showModal(); });

    const stops = Array.from(document.querySelectorAll("[data-stop]"));
    let at = -1;
    const go = function (to) {
      if (!stops.length) return;
      if (at >= 0) stops[at].classList.remove("here");
      at = Math.max(0, Math.min(stops.length - 1, to));
      const stop = stops[at];
      stop.classList.add("here");
      stop.tabIndex = -1;
      stop.focus({ preventScroll: true });
      stop.scrollIntoView({ block: "center" });
    };
    const open = function () {
      if (at < 0) return;
      const stop = stops[at];
      const target = stop.querySelector("h2 a") || stop.querySelector(".ref") || stop.querySelector("a");
      if (target) target.click();
    };

    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      const search = document.querySelector("#q, #find");
      switch (event.key) {
        case "j": go(at + 1); break;
        case "k": go(at - 1); break;
        case "o": open(); break;
        case "t": turn(); break;
        case "?": help.showModal(); break;
        case "/": if (search) search.focus(); else return; break;
        default: return;
      }
      event.preventDefault();
    });
  });
})();
