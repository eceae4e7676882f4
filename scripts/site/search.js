// Finds sections by the beginnings of their words. The index is a script that is loaded at the first search.
"use strict";
(() => {
  const root = document.currentScript.dataset.root;
  const field = document.getElementById("search");
  const list = document.getElementById("found");
  const most = 20;
  let sections = null;

  // On a narrow screen the list of pages is folded up.
  if (window.matchMedia("(max-width: 50rem)").matches) document.querySelector("nav.pages details").open = false;

  function load() {
    if (sections) return;
    sections = [];
    const script = document.createElement("script");
    script.src = `${root}/guide/search-index.js`;
    script.onload = () => {
      sections = window.searchIndex.map(([place, page, heading, text]) => ({
        place, page, heading, text, low: { page: page.toLowerCase(), heading: heading.toLowerCase(), text: text.toLowerCase() },
      }));
      show();
    };
    document.head.append(script);
  }

  // Where a word of the text begins with the term; -1 for nowhere.
  function position(text, term) {
    for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
      if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]) || !/[\p{L}\p{N}]/u.test(term[0])) return at;
    }
    return -1;
  }

  // How well a section fits the terms, all of which it must have; 0 for not at all.
  function score(section, terms) {
    let sum = 0;
    for (const term of terms) {
      const { page, heading, text } = section.low;
      const points = (heading === term ? 40 : position(heading, term) >= 0 ? 20 : 0)
        + (position(page, term) >= 0 ? 8 : 0) + (position(text, term) >= 0 ? 2 : 0);
      if (points === 0) return 0;
      sum += points;
    }
    return sum;
  }

  function excerpt(section, terms) {
    const at = Math.max(0, Math.min(...terms.map((term) => {
      const found = position(section.low.text, term);
      return found < 0 ? Infinity : found;
    })));
    const start = Number.isFinite(at) ? Math.max(0, at - 40) : 0;
    return (start > 0 ? "…" : "") + section.text.slice(start, start + 140) + (section.text.length > start + 140 ? "…" : "");
  }

  function show() {
    const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.replaceChildren();
    list.hidden = terms.length === 0;
    if (list.hidden) return;
    const found = sections.map((section) => ({ section, points: score(section, terms) }))
      .filter(({ points }) => points > 0).sort((a, b) => b.points - a.points).slice(0, most);
    for (const { section } of found) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${root}/${section.place}`;
      const title = document.createElement("strong");
      title.textContent = section.heading;
      const page = document.createElement("span");
      page.textContent = section.page === section.heading ? "" : ` ${section.page}`;
      const text = document.createElement("small");
      text.textContent = excerpt(section, terms);
      link.append(title, page, text);
      item.append(link);
      list.append(item);
    }
    if (found.length === 0) {
      const item = document.createElement("li");
      item.className = "nothing";
      item.textContent = sections.length > 0 ? "Nothing was found." : "…";
      list.append(item);
    }
  }

  field.addEventListener("focus", load);
  field.addEventListener("input", () => { load(); show(); });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("a")?.click();
    if (event.key === "Escape") { field.value = ""; show(); field.blur(); }
    if (event.key === "ArrowDown") { event.preventDefault(); list.querySelector("a")?.focus(); }
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); links[Math.min(at + 1, links.length - 1)]?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? links[at - 1] : field).focus(); }
    if (event.key === "Escape") { field.value = ""; show(); field.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(input|textarea)$/i.test(document.activeElement.tagName)) {
      event.preventDefault();
      field.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) list.hidden = true;
  });
})();
