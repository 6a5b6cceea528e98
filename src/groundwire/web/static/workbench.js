// The sheet answers at once for those who have scripts; without them the form is an address, and the button asks for it.
"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const form = document.getElementById("sheet");
  const answer = document.getElementById("answer");
  if (!form || !answer) return;
  let timer = 0;
  let asked = null;

  const query = function () {
    const pairs = new URLSearchParams();
    new FormData(form).forEach(function (value, key) {
      if (String(value).trim() !== "" || key.startsWith("plan_")) pairs.append(key, value);
    });
    return pairs.toString();
  };

  const ask = function () {
    const address = query();
    if (asked) asked.abort();
    asked = new AbortController();
    const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
    answer.setAttribute("aria-busy", "true");
    fetch("/workbench/answer?" + address + "&lang=" + language, { signal: asked.signal }).then(function (reply) {
      return reply.text();
    }).then(function (html) {
      const open = Array.from(answer.querySelectorAll("details")).map(function (d) { return d.open; });
      answer.innerHTML = html; // our own server's, escaped there
      answer.querySelectorAll("details").forEach(function (d, i) { d.open = Boolean(open[i]); });
      answer.removeAttribute("aria-busy");
      const wrong = answer.querySelector("[data-field]");
      form.querySelectorAll("[data-path]").forEach(function (input) {
        const bad = wrong !== null && input.dataset.path === wrong.dataset.field;
        input.toggleAttribute("aria-invalid", bad);
        if (bad) input.setAttribute("aria-invalid", "true");
      });
      history.replaceState(null, "", "/workbench?" + address);
      document.querySelectorAll("a.language").forEach(function (link) {
        link.href = "/workbench?" + address + "&lang=" + (language === "zh" ? "en" : "zh");
      });
      const notice = document.querySelector(".outcome > .notice");
      if (notice) notice.hidden = true;
    }).catch(function (problem) {
      if (problem.name !== "AbortError") answer.removeAttribute("aria-busy");
    });
  };

  form.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(ask, 180);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(timer);
    ask();
  });
});
