// UnionHome, forms: drafts that survive a closed page, counted letters, chosen files, a calendar beside a typed day.
(() => {
  "use strict";

  const { all, make, shell, on, whenReady } = window.unionhome;

  // ---- Drafts ----

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

  // Whoever signs out leaves nothing for the next person at this device.
  on("submit", (event) => {
    if (!box || !event.target.matches("[data-forget-drafts]")) return;
    for (const key of Object.keys(box)) if (key.startsWith("uh-draft:")) box.removeItem(key);
  });

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
  for (const type of ["input", "uh:restored"]) {
    on(type, (event) => {
      if (event.target.matches?.("textarea[data-limit]")) count(event.target);
    });
  }

  // ---- What was wrong goes when it is put right ----

  const dropError = (field) => {
    const frame = field.closest?.(".uh-field-bad");
    if (!frame) return;
    frame.classList.remove("uh-field-bad");
    for (const words of all(".uh-field-error[id$=_error]", frame)) words.remove();
    for (const one of all("[aria-invalid]", frame)) one.removeAttribute("aria-invalid");
    for (const link of all(`.uh-errors a[href="#${frame.id}"]`)) {
      const box = link.closest(".uh-errors");
      link.closest("li").remove();
      if (!box.querySelector("li")) box.remove();
    }
  };
  for (const type of ["input", "change"]) {
    on(type, (event) => {
      if (event.target.value?.trim()) dropError(event.target);
    });
  }

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

  on("change", (event) => {
    const field = event.target;
    if (field.matches?.("[data-upload] input[type=file]")) showFiles(field);
    if (field.matches?.("[data-auto-submit]")) field.form?.requestSubmit();
  });

  // ---- A calendar beside a typed day ----

  const startDays = () => {
    for (const field of all("input[data-day]:not([data-day-ready])")) {
      field.dataset.dayReady = "1";
      const picker = make("input", "uh-sr");
      if (typeof picker.showPicker !== "function") return;
      picker.type = "date";
      picker.tabIndex = -1;
      picker.setAttribute("aria-hidden", "true");
      const button = make("button", "btn uh-btn-icon");
      button.type = "button";
      button.setAttribute("aria-label", "从日历上选");
      button.append(iconCopy("calendar"));
      const frame = make("span", "uh-affix uh-day-field");
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

  // ---- Where the phone is ----

  const startLocating = () => {
    if (!navigator.geolocation || !window.isSecureContext) return;
    for (const button of all("[data-locate]")) {
      const field = document.getElementById(button.dataset.locate);
      const state = button.parentElement.querySelector("[data-locate-state]");
      button.hidden = false;
      button.addEventListener("click", () => {
        state.textContent = "正在定位";
        navigator.geolocation.getCurrentPosition(
          ({ coords }) => {
            field.value = `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`;
            field.dispatchEvent(new Event("input", { bubbles: true }));
            state.textContent = "已定位";
          },
          () => {
            state.textContent = "没有定到位置，选镇街也行";
          },
          { enableHighAccuracy: true, timeout: 15000 },
        );
      });
    }
  };

  startDrafts();
  whenReady(startLocating);
  whenReady(startDays);
  whenReady(() => all("textarea[data-limit]").forEach(count));
})();
