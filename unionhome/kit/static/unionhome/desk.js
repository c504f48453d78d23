// UnionHome, the desk: a cursor over rows, chosen rows with their bar, and the keys.
(() => {
  "use strict";

  const { all, on, whenReady } = window.unionhome;

  // ---- Rows ----

  const table = () => document.querySelector("table[data-rows]");
  const rows = () => all("tbody tr:not(.uh-group)", table() || document.createElement("table"));
  const cursor = () => rows().findIndex((row) => row.classList.contains("uh-cursor"));

  const moveTo = (index) => {
    const list = rows();
    if (!list.length) return;
    const at = Math.max(0, Math.min(list.length - 1, index));
    for (const row of list) row.classList.toggle("uh-cursor", row === list[at]);
    list[at].scrollIntoView({ block: "nearest" });
    (list[at].querySelector("a[data-open], td a") || list[at].querySelector("input"))?.focus({ preventScroll: true });
  };

  const paintPicks = (within) => {
    const picks = all("input[data-pick]", within);
    for (const pick of picks) pick.closest("tr")?.classList.toggle("uh-picked", pick.checked);
    const chosen = picks.filter((pick) => pick.checked).length;
    const form = within.dataset.rows;
    for (const bar of all("[data-bulk]")) {
      if (form && bar.dataset.bulk !== form) continue;
      bar.hidden = chosen === 0;
      const place = bar.querySelector("[data-bulk-count]");
      if (place) place.textContent = String(chosen);
    }
    for (const foot of all("[data-bulk-foot]")) foot.hidden = chosen > 0;
    const every = within.querySelector("input[data-pick-all]");
    if (every) {
      every.checked = chosen > 0 && chosen === picks.length;
      every.indeterminate = chosen > 0 && chosen < picks.length;
    }
  };

  const clearPicks = () => {
    for (const list of all("table[data-rows]")) {
      for (const pick of all("input[data-pick]", list)) pick.checked = false;
      paintPicks(list);
    }
  };

  on("change", (event) => {
    const field = event.target;
    const list = field.closest?.("table[data-rows]");
    if (list && field.matches("[data-pick-all]")) {
      for (const pick of all("input[data-pick]:not(:disabled)", list)) pick.checked = field.checked;
    }
    if (list && field.matches("[data-pick], [data-pick-all]")) paintPicks(list);
  });

  on("click", (event) => {
    if (event.target.closest?.("[data-bulk-clear]")) clearPicks();
  });

  // ---- Keys ----

  const KEYS = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    j: () => moveTo(cursor() + 1),
    k: () => moveTo(cursor() < 0 ? 0 : cursor() - 1),
    x: () => {
      const pick = rows()[cursor()]?.querySelector("input[data-pick]");
      if (pick && !pick.disabled) pick.click();
    },
    n: () => document.querySelector("[data-steps] a, [data-steps] button")?.focus(),
    o: () => rows()[cursor()]?.querySelector("a[data-open], td a")?.click(),
    "?": () => document.getElementById("uh-keys")?.showModal?.(),
  };
  const NEIGHBOURS = { j: "[data-next-row]", k: "[data-previous-row]" };

  const leave = () => {
    const open = all("details[data-menu][open]");
    if (open.length) {
      open[open.length - 1].querySelector("summary")?.focus();
      open[open.length - 1].open = false;
      return;
    }
    clearPicks();
  };

  on("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      if (event.target.matches?.("[data-search]")) event.target.blur();
      else leave();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    if (event.target.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "Enter") {
      const link = rows()[cursor()]?.querySelector("a[data-open], td a");
      if (link && event.target.matches("body, input[data-pick]")) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    const neighbour = !table() && NEIGHBOURS[event.key] ? document.querySelector(NEIGHBOURS[event.key]) : null;
    const act = neighbour ? () => neighbour.click() : KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  whenReady(() => {
    for (const list of all("table[data-rows]")) paintPicks(list);
  });
})();
