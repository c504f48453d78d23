// UnionHome: what a page does beyond plain HTML. Every behaviour hangs on a data attribute; without this file all pages still work.
(() => {
  "use strict";

  const root = document.documentElement;
  const shell = document.body.dataset.shell || "worker";
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const on = (type, handler, capture = false) => document.addEventListener(type, handler, capture);

  root.classList.add("uh-js");

  const setCookie = (name, value) => {
    document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
  };

  const make = (tag, css, text) => {
    const node = document.createElement(tag);
    if (css) node.className = css;
    if (text) node.textContent = text;
    return node;
  };

  // ---- Words at the foot of the page ----

  const say = (text, tone = "info") => {
    const place = document.querySelector("[data-toasts]");
    if (!place) return;
    const strip = make("div", `uh-toast uh-toast-${tone}`, text);
    place.append(strip);
    setTimeout(() => strip.remove(), 8000);
  };

  // ---- Drafts: what was typed survives a closed page ----

  const box = (() => {
    try {
      const store = shell === "desk" ? sessionStorage : localStorage;
      store.setItem("uh-try", "1");
      store.removeItem("uh-try");
      return store;
    } catch {
      return null;
    }
  })();
  const DRAFT_DAYS = 7;
  const draftName = (form) => `uh-draft:${form.dataset.draft}`;
  const keepable = (field) =>
    field.name &&
    !["hidden", "password", "file", "submit", "button"].includes(field.type) &&
    !field.closest("[data-private]");

  const readDraft = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!keepable(field)) continue;
      if (field.type === "checkbox") (values[field.name] ||= []).push([field.value, field.checked]);
      else if (field.type === "radio") {
        if (field.checked) values[field.name] = field.value;
      } else values[field.name] = field.value;
    }
    return values;
  };

  const showSaved = (form) => {
    const now = new Date();
    const clock = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
    for (const place of all("[data-draft-state]")) {
      place.hidden = false;
      place.textContent = `${clock} 草稿已存`;
    }
    form.dataset.draftKept = "1";
  };

  const keepDraft = (form) => {
    if (!box) return;
    try {
      box.setItem(draftName(form), JSON.stringify({ at: Date.now(), values: readDraft(form) }));
      showSaved(form);
    } catch {
      // A full or forbidden store loses only the draft.
    }
  };

  const writeDraft = (form, values) => {
    let changed = false;
    for (const field of form.elements) {
      if (!keepable(field) || !(field.name in values)) continue;
      const value = values[field.name];
      if (field.type === "checkbox") {
        const pair = value.find(([name]) => name === field.value);
        if (pair && pair[1] !== field.checked) {
          field.checked = pair[1];
          changed = true;
        }
      } else if (field.type === "radio") {
        if (field.value === value && !field.checked) {
          field.checked = true;
          changed = true;
        }
      } else if (field.value !== value) {
        field.value = value;
        changed = true;
      }
    }
    return changed;
  };

  const restoreDraft = (form) => {
    if (!box) return;
    const name = draftName(form);
    try {
      const kept = JSON.parse(box.getItem(name) || "null");
      if (!kept) return;
      if (Date.now() - kept.at > DRAFT_DAYS * 86400000) {
        box.removeItem(name);
        return;
      }
      // A form that came back with errors already holds the newer text.
      if (form.querySelector(".uh-field-bad, .uh-errors") || document.querySelector(".uh-errors")) return;
      if (writeDraft(form, kept.values)) {
        showSaved(form);
        for (const field of form.elements) field.dispatchEvent(new Event("uh:restored", { bubbles: true }));
      }
    } catch {
      box.removeItem(name);
    }
  };

  const forgetDrafts = () => {
    // The server names each draft it has received, beside the message that says so.
    if (!box) return;
    for (const done of all("[data-draft-done]")) box.removeItem(`uh-draft:${done.dataset.draftDone}`);
  };

  const startDrafts = () => {
    forgetDrafts();
    for (const form of all("form[data-draft]")) {
      restoreDraft(form);
      let timer = 0;
      const later = () => {
        clearTimeout(timer);
        timer = setTimeout(() => keepDraft(form), 600);
      };
      form.addEventListener("input", later);
      form.addEventListener("change", later);
      form.addEventListener("submit", () => {
        clearTimeout(timer);
        keepDraft(form);
      });
    }
    for (const button of all("[data-draft-clear]")) {
      button.addEventListener("click", () => box?.removeItem(`uh-draft:${button.dataset.draftClear}`));
    }
  };

  // ---- Sending once ----

  const busy = (button) => {
    if (!button || button.dataset.busy) return;
    button.dataset.busy = "1";
    button.prepend(make("span", "uh-spinner"));
    button.setAttribute("aria-busy", "true");
    // Disabled a tick later: a disabled button would not be sent with its form.
    setTimeout(() => {
      button.disabled = true;
    }, 0);
  };

  const ready = () => {
    for (const button of all("[data-busy]")) {
      delete button.dataset.busy;
      button.disabled = false;
      button.removeAttribute("aria-busy");
      button.querySelector(".uh-spinner")?.remove();
    }
    for (const form of all("form[data-sent]")) delete form.dataset.sent;
  };

  // ---- Asking before an act ----

  const askFirst = (button, text) =>
    new Promise((answer) => {
      const dialog = make("dialog", "uh-dialog");
      const body = make("form", "uh-dialog-body");
      body.method = "dialog";
      const title = make("h2", "uh-dialog-title", text);
      title.id = "uh-ask-title";
      dialog.setAttribute("aria-labelledby", title.id);
      const buttons = make("div", "uh-dialog-buttons");
      const no = make("button", "btn", "不了");
      no.value = "no";
      const yes = make("button", "btn btn-primary", button.dataset.confirmLabel || button.textContent.trim());
      yes.value = "yes";
      buttons.append(no, yes);
      body.append(title, buttons);
      dialog.append(body);
      document.body.append(dialog);
      dialog.addEventListener("close", () => {
        dialog.remove();
        button.focus();
        answer(dialog.returnValue === "yes");
      });
      dialog.showModal();
      no.focus();
    });

  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    const button = event.submitter;
    const question = button?.dataset.confirm;
    if (question && !button.dataset.confirmed && typeof HTMLDialogElement === "function") {
      event.preventDefault();
      askFirst(button, question).then((yes) => {
        if (!yes) return;
        button.dataset.confirmed = "1";
        form.requestSubmit(button);
        delete button.dataset.confirmed;
      });
      return;
    }
    if (form.method === "get") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine && form.dataset.draft) {
      event.preventDefault();
      showOffline(true);
      return;
    }
    form.dataset.sent = "1";
    busy(button);
  });
  addEventListener("pageshow", ready);

  // ---- Letters counted ----

  const count = (field) => {
    const place = document.querySelector(`[data-counter="${field.id}"]`);
    const limit = Number(field.dataset.limit);
    if (!place || !limit) return;
    // Code points, as the server counts them.
    const used = Array.from(field.value).length;
    place.textContent = `${used}/${limit}`;
    place.classList.toggle("uh-counter-over", used > limit);
  };
  const startCounters = () => {
    for (const field of all("textarea[data-limit]")) {
      count(field);
      field.addEventListener("input", () => count(field));
      field.addEventListener("uh:restored", () => count(field));
    }
  };

  // ---- Files seen before they are sent ----

  const sizeText = (bytes) =>
    bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))}KB` : `${(bytes / 1048576).toFixed(1)}MB`;

  const showFiles = (input) => {
    const list = input.parentElement.querySelector("[data-upload-list]");
    if (!list) return;
    for (const picture of all("img", list)) URL.revokeObjectURL(picture.src);
    list.replaceChildren();
    const limit = Number(input.dataset.limit) || Infinity;
    const most = Number(input.dataset.count) || Infinity;
    if (input.files.length > most) list.append(make("span", "uh-field-error", `最多${most}个文件，现在选了${input.files.length}个`));
    for (const file of input.files) {
      const row = make("span", "uh-upload-item");
      let thumb = make("span", "uh-upload-thumb", file.name.split(".").pop().toUpperCase().slice(0, 4));
      if (file.type.startsWith("image/")) {
        thumb = make("img", "uh-upload-thumb");
        thumb.alt = "";
        thumb.src = URL.createObjectURL(file);
      }
      const words = make("span");
      words.append(make("span", "uh-strong", file.name), make("br"));
      const heavy = file.size > limit;
      words.append(make("span", heavy ? "uh-deep" : "uh-second", heavy ? `${sizeText(file.size)}，超过了${sizeText(limit)}，请压缩后再选` : `${sizeText(file.size)}，提交时上传`));
      row.append(thumb, words);
      list.append(row);
    }
  };

  // ---- A calendar beside a typed day ----

  const startDays = () => {
    for (const field of all("input[data-day]")) {
      const picker = make("input", "uh-sr");
      if (typeof picker.showPicker !== "function") return;
      picker.type = "date";
      picker.tabIndex = -1;
      picker.setAttribute("aria-hidden", "true");
      const button = make("button", "btn uh-btn-icon uh-day-button");
      button.type = "button";
      button.setAttribute("aria-label", "从日历上选");
      button.append(iconCopy("calendar"));
      const frame = make("span", "uh-affix uh-day");
      field.replaceWith(frame);
      frame.append(field, button, picker);
      button.addEventListener("click", () => {
        picker.value = field.value;
        picker.showPicker();
      });
      picker.addEventListener("change", () => {
        field.value = picker.value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  };

  const iconCopy = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const known = document.querySelector("svg.uh-icon use")?.getAttribute("href")?.split("#")[0] || "/static/icons.svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("class", "uh-icon");
    picture.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${known}#${name}`);
    picture.append(use);
    return picture;
  };

  // ---- Large text, dark, folded navigation: cookies that the server reads ----

  const toggleLarge = () => {
    const large = root.classList.toggle("uh-large");
    setCookie("large_text", large ? "1" : "0");
    for (const button of all("[data-large-text]")) {
      button.setAttribute("aria-pressed", String(large));
      const word = button.querySelector("[data-large-word]");
      if (word) word.textContent = large ? "标准" : "大字";
    }
  };

  const toggleTheme = () => {
    const dark = root.dataset.uhTheme ? root.dataset.uhTheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.uhTheme = dark ? "light" : "dark";
    setCookie("theme", root.dataset.uhTheme);
    document.dispatchEvent(new Event("uh:theme"));
  };

  const toggleNav = (button) => {
    const small = root.classList.toggle("uh-nav-small");
    setCookie("nav_small", small ? "1" : "0");
    button.setAttribute("aria-pressed", String(small));
    dispatchEvent(new Event("resize"));
  };

  // ---- No network ----

  const showOffline = (offline) => {
    for (const banner of all("[data-offline]")) banner.hidden = !offline;
  };
  addEventListener("offline", () => showOffline(true));
  addEventListener("online", () => {
    showOffline(false);
    say("网络好了，可以重新发送。");
  });

  // ---- A shown secret is covered again ----

  const startRemask = () => {
    for (const place of all("[data-remask-seconds]")) {
      const covered = place.dataset.remaskText || "＊＊＊＊";
      let left = Number(place.dataset.remaskSeconds);
      const note = place.parentElement.querySelector("[data-remask-note]");
      const timer = setInterval(() => {
        left -= 1;
        if (note) note.textContent = `${left}秒后遮住`;
        if (left > 0) return;
        clearInterval(timer);
        place.textContent = covered;
        if (note) note.textContent = "已遮住";
      }, 1000);
    }
    // A page kept by the browser must not bring the secret back.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      for (const place of all("[data-remask-seconds]")) place.textContent = place.dataset.remaskText || "＊＊＊＊";
    });
  };

  // ---- Rows: a cursor, a choice, a bar ----

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
    if (field.matches?.("[data-upload] input[type=file]")) showFiles(field);
    if (field.matches?.("[data-auto-submit]")) field.form?.requestSubmit();
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
    if (shell !== "desk" || document.querySelector("dialog[open]")) return;
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

  // ---- Clicks ----

  on("click", (event) => {
    const target = event.target;
    const near = (selector) => target.closest?.(selector);
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(target)) menu.open = false;
    const large = near("[data-large-text]");
    if (large) {
      event.preventDefault();
      toggleLarge();
      return;
    }
    if (near("[data-theme-toggle]")) toggleTheme();
    const fold = near("[data-nav-fold]");
    if (fold) toggleNav(fold);
    if (near("[data-bulk-clear]")) clearPicks();
    const dialog = near("[data-dialog]");
    if (dialog) {
      const box = document.getElementById(dialog.dataset.dialog);
      if (box?.showModal) {
        event.preventDefault();
        box.showModal();
      }
    }
    const copy = near("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => say("已复制。"));
    const fill = near("[data-fill]");
    if (fill) {
      const field = document.getElementById(fill.dataset.fill);
      if (field) {
        field.value = fill.dataset.fillText || fill.textContent.trim();
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      }
    }
    if (near("[data-print]")) print();
    const wrong = near("[data-focus-field]");
    if (wrong) {
      const field = document.getElementById(wrong.dataset.focusField);
      if (field) {
        event.preventDefault();
        field.focus();
        field.scrollIntoView({ block: "center" });
      }
    }
    const back = near("a[data-back]");
    if (back && history.length > 1 && document.referrer.startsWith(location.origin) && new URL(document.referrer).pathname === new URL(back.href).pathname) {
      // Going back keeps the list's place.
      event.preventDefault();
      history.back();
    }
  });

  // ---- htmx: errors in words ----

  const HTMX_WORDS = { 403: "您的岗位不能办这一步。", 404: "没有找到，可能已经被移走。", 409: "情况变了，请刷新看看最新的情况。", 429: "点得太快了，请过几分钟再试。" };
  on("htmx:responseError", (event) => say(HTMX_WORDS[event.detail.xhr.status] || "系统没有办成这一步，请稍后再试。", "error"));
  on("htmx:sendError", () => {
    showOffline(true);
    say("网络断了，还没发出去。", "error");
  });
  on("htmx:timeout", () => say("等得太久了，请再试一次。", "error"));
  on("htmx:configRequest", (event) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.value;
  });
  on("htmx:afterSwap", () => start());

  // ---- Charts: drawn from the JSON beside them; the table beneath stays ----

  const charts = new Map();
  const drawChart = (place) => {
    if (typeof echarts === "undefined") return;
    const source = place.dataset.chart ? document.getElementById(place.dataset.chart) : place.nextElementSibling;
    if (!source) return;
    let chart = charts.get(place);
    if (!chart) {
      chart = echarts.init(place, null, { renderer: "svg" });
      charts.set(place, chart);
    }
    const look = getComputedStyle(document.body);
    const ink = look.getPropertyValue("--uh-ink-2").trim();
    const line = look.getPropertyValue("--uh-line").trim();
    const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, splitLine: { lineStyle: { color: line } } };
    const config = JSON.parse(source.textContent);
    const dress = (one) => Object.assign({}, axis, one);
    for (const name of ["xAxis", "yAxis"]) {
      if (config[name]) config[name] = Array.isArray(config[name]) ? config[name].map(dress) : dress(config[name]);
    }
    chart.setOption(Object.assign({ animation: false, grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true }, color: [look.getPropertyValue("--uh-grey-fill").trim()], textStyle: { fontFamily: look.fontFamily, color: ink } }, config), true);
  };
  const startCharts = () => {
    for (const place of all("[data-chart]")) drawChart(place);
  };
  addEventListener("resize", () => {
    for (const chart of charts.values()) chart.resize();
  });
  on("uh:theme", startCharts);

  // ---- Start ----

  const once = new WeakSet();
  const start = () => {
    const fresh = !once.has(document.body);
    once.add(document.body);
    startCounters();
    startCharts();
    for (const list of all("table[data-rows]")) paintPicks(list);
    if (!fresh) return;
    startDrafts();
    startDays();
    startRemask();
    if (!navigator.onLine) showOffline(true);
    document.querySelector("[data-focus]")?.focus();
  };
  start();
})();
