// UnionHome, every page: what goes beyond plain HTML. Behaviours hang on data attributes; without scripts all pages still work.
// Other files of this folder use `unionhome`: forms.js (every page), desk.js (the desk), charts.js (pages with a chart).
(() => {
  "use strict";

  const root = document.documentElement;
  const shell = document.body.dataset.shell || "worker";
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const on = (type, handler) => document.addEventListener(type, handler);

  root.classList.add("uh-js");

  // Runs `act` now, and again when a part of the page was replaced.
  const whenReady = (act) => {
    act();
    on("htmx:afterSwap", act);
  };

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

  // ---- No network ----

  const showOffline = (offline) => {
    for (const banner of all("[data-offline]")) banner.hidden = !offline;
  };
  // A browser without an outside network calls itself offline, though a house's own server may be reached all the same.
  const isReached = async () => {
    if (navigator.onLine) return true;
    try {
      await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(3000) });
      return true;
    } catch {
      return false;
    }
  };
  const lookForNetwork = () => isReached().then((reached) => showOffline(!reached));
  addEventListener("offline", lookForNetwork);
  addEventListener("online", () => {
    showOffline(false);
    say("网络好了，可以重新发送。");
  });

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
    if (!navigator.onLine && !form.dataset.reached) {
      event.preventDefault();
      isReached().then((reached) => {
        showOffline(!reached);
        if (!reached) return say("网络断了，还没发出去。", "error");
        form.dataset.reached = "1";
        form.requestSubmit(button);
        delete form.dataset.reached;
      });
      return;
    }
    form.dataset.sent = "1";
    busy(button);
    // An answer that is a file leaves the page standing.
    setTimeout(ready, 15000);
  });
  addEventListener("pageshow", ready);

  // ---- Large text, dark, folded navigation: cookies that the server reads ----

  const toggleLarge = () => {
    const large = root.classList.toggle("uh-large");
    setCookie("large_text", large ? "1" : "0");
    for (const button of all("[data-large-text]")) {
      if (button.tagName === "BUTTON") button.setAttribute("aria-pressed", String(large));
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

  // ---- Copying, also where the address is not https and the browser keeps its clipboard shut ----

  const copyText = (text) => {
    if (navigator.clipboard) {
      navigator.clipboard.writeText(text).then(() => say("已复制。"), () => say("没有复制成，请长按网址栏复制。", "error"));
      return;
    }
    const field = make("textarea", "uh-sr");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    say(done ? "已复制。" : "没有复制成，请长按网址栏复制。", done ? "info" : "error");
  };

  // ---- A photo over the page ----

  const showPhoto = (link) => {
    const dialog = make("dialog", "uh-dialog uh-photo");
    const name = link.dataset.photo || "照片";
    dialog.setAttribute("aria-label", name);
    const picture = make("img", "uh-photo-whole");
    picture.src = link.href;
    picture.alt = name;
    const body = make("form", "uh-dialog-buttons");
    body.method = "dialog";
    body.append(make("span", "uh-second", name), make("button", "btn", "关闭"));
    dialog.append(picture, body);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      link.focus();
    });
    dialog.showModal();
  };

  // ---- A figure's name into the words of a review ----

  const insertName = (button) => {
    const name = button.parentElement.querySelector("[data-insert-name]");
    const text = document.querySelector(button.dataset.insert);
    if (!name.value.trim() || !text) return;
    text.setRangeText(`#${name.value.trim()}#`, text.selectionStart, text.selectionEnd, "end");
    name.value = "";
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

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
    const dialog = near("[data-dialog]");
    if (dialog) {
      const box = document.getElementById(dialog.dataset.dialog);
      if (box?.showModal) {
        event.preventDefault();
        box.showModal();
      }
    }
    const copy = near("[data-copy]");
    if (copy) copyText(copy.dataset.copy);
    const photo = near("a[data-photo]");
    if (photo && typeof HTMLDialogElement === "function" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      showPhoto(photo);
    }
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
    const insert = near("[data-insert]");
    if (insert) insertName(insert);
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

  window.unionhome = { all, make, on, say, shell, whenReady };
  startRemask();
  if (!navigator.onLine) lookForNetwork();
  document.querySelector("[data-focus]")?.focus();
})();
