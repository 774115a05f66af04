/*
 * <vb-shortcuts>: keys for links, buttons and lists (ux.md 2).
 *
 * data-key="Alt+1 a" on anything that can be pressed or focused; data-list on a container and data-item on its rows give
 * ↑ ↓ j k Enter o x. "?" lists the keys that are valid here. Keys are matched by event.code, for typing helpers such as
 * UniKey rewrite letters; nothing fires in inputs (but chords), nor while a word is being composed. Single letters can be
 * switched off. A row with data-preview shows itself in #preview from 992 px.
 */

const { say, make } = window.vanthu;
const STORE = "vanthu.letters";
const CODES = { "/": "Slash", "?": "Slash", Enter: "Enter", Escape: "Escape", Space: "Space" };

function lettersOn() {
  return localStorage.getItem(STORE) !== "off";
}

function codeOf(key) {
  if (CODES[key]) return CODES[key];
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  if (/^\d$/.test(key)) return `Digit${key}`;
  return key;
}

/** Read "Alt+1" or "Control+Enter" or "a". */
function readKey(text) {
  const parts = text.split("+");
  const key = parts.pop();
  return { code: codeOf(key), alt: parts.includes("Alt"), ctrl: parts.includes("Control"), shift: parts.includes("Shift") };
}

function fits(event, key) {
  return event.code === key.code && event.altKey === key.alt && (event.ctrlKey || event.metaKey) === key.ctrl && event.shiftKey === key.shift;
}

function isTyping(target) {
  return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName) && !/^(checkbox|radio|button|submit)$/.test(target.type);
}

class Shortcuts extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => this.#pressed(event);
    document.addEventListener("keydown", this.listener);
    document.addEventListener("click", this.clicked = (event) => this.#clicked(event));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listener);
    document.removeEventListener("click", this.clicked);
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const chord = event.altKey || event.ctrlKey || event.metaKey;
    if (isTyping(event.target) && !chord) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?" && !chord) {
      event.preventDefault();
      this.#help();
      return;
    }
    if (this.#press(event, chord) || this.#move(event, chord)) event.preventDefault();
  }

  #press(event, chord) {
    for (const target of document.querySelectorAll("[data-key]")) {
      const hit = target.dataset.key.split(/\s+/).some((text) => fits(event, readKey(text)));
      if (!hit || target.disabled || !target.checkVisibility?.()) continue;
      if (!chord && !lettersOn()) return false;
      if (isTyping(target)) {
        target.focus();
        target.select?.();
      } else target.click();
      return true;
    }
    return false;
  }

  #move(event, chord) {
    if (chord || event.shiftKey) return false;
    const list = document.querySelector("[data-list]");
    if (!list) return false;
    const letters = lettersOn();
    if (event.code === "ArrowDown" || letters && event.code === "KeyJ") return this.#step(list, 1, event);
    if (event.code === "ArrowUp" || letters && event.code === "KeyK") return this.#step(list, -1, event);
    const row = list.querySelector("[data-item][aria-current=true]");
    if (!row || !letters) return false;
    if (event.code === "KeyO") return this.#open(row);
    if (event.code === "KeyX") return this.#tick(row);
    return false;
  }

  #step(list, by, event) {
    // Arrows keep their meaning outside the list, where they scroll.
    if (event.code.startsWith("Arrow") && event.target !== document.body && !list.contains(event.target)) return false;
    const rows = [...list.querySelectorAll("[data-item]")];
    if (!rows.length) return false;
    const now = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = rows[Math.max(0, Math.min(rows.length - 1, now + by))];
    this.#choose(next);
    next.querySelector("a[href]")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  #choose(row) {
    for (const other of row.closest("[data-list]").querySelectorAll("[data-item][aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    this.#preview(row);
  }

  #preview(row) {
    const pane = document.getElementById("preview");
    if (!row.dataset.preview || !pane?.checkVisibility?.() || !window.htmx) return false;
    window.clearTimeout(this.timer);
    // Whoever runs down the list with j waits for nothing.
    this.timer = window.setTimeout(() => window.htmx.ajax("GET", row.dataset.preview, { target: pane, swap: "innerHTML" }), 150);
    return true;
  }

  #open(row) {
    row.querySelector("a[href]")?.click();
    return true;
  }

  #tick(row) {
    const box = row.querySelector("input[type=checkbox]");
    box?.click();
    return Boolean(box);
  }

  /* At a desk the first click shows the paper beside the list, the second opens it; with Ctrl it opens a tab as always. */
  #clicked(event) {
    const row = event.target.closest?.("[data-item][data-preview]");
    if (!row || !event.isTrusted || event.detail === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.closest("a[href]") || row.getAttribute("aria-current") === "true") return;
    if (!document.getElementById("preview")?.checkVisibility?.()) return;
    event.preventDefault();
    this.#choose(row);
  }

  #entries() {
    const rows = [];
    if (document.querySelector("[data-list]")) {
      rows.push([["↓", "j"], say("next_row")], [["↑", "k"], say("previous_row")], [["Enter", "o"], say("open_row")]);
    }
    for (const target of document.querySelectorAll("[data-key]")) {
      if (!target.checkVisibility?.()) continue;
      const label = target.dataset.keyLabel || target.getAttribute("aria-label") || target.textContent.trim();
      rows.push([target.dataset.key.split(/\s+/).map((key) => key.replace("Control", "Ctrl")), label]);
    }
    rows.push([["?"], say("help")]);
    return rows;
  }

  #help() {
    document.getElementById("vb-keys")?.remove();
    const list = make("dl", { class: "v-keys" });
    for (const [keys, label] of this.#entries()) {
      list.append(make("dt", {}, ...keys.map((key) => make("kbd", { class: "v-kbd" }, key))), make("dd", {}, label));
    }
    const box = make("input", { type: "checkbox", checked: lettersOn() });
    box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
    const close = make("button", { type: "button", class: "v-button", "data-closes": true }, say("close"));
    const dialog = make("dialog", { class: "v-dialog", id: "vb-keys", "aria-labelledby": "vb-keys-title" },
      make("div", { class: "v-dialog__head" }, make("h2", { id: "vb-keys-title" }, say("keys"))),
      make("div", { class: "v-dialog__body" }, list, make("label", { class: "v-check" }, box, make("span", {}, say("letters"))), close));
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }
}

customElements.define("vb-shortcuts", Shortcuts);
