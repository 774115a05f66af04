/*
 * <vb-combobox> around <input list>: finds without tone marks, from its <datalist> or from data-url (a JSON list of
 * {"value", "label"} for ?q=…). Any text may stand in the input; a choice fills data-for="id of a hidden input" too.
 */

const { say, make } = window.vanthu;
const WAIT_MS = 300;
const AT_MOST = 12;
let serial = 0;

/** Fold as core.vietnamese does, closely enough for suggestions: no tone marks, đ is d, no case. */
function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐÐ]/g, "d").toLowerCase();
}

class Combobox extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input:not([type=hidden])");
    if (!this.input || this.list) return;
    const source = this.input.list;
    this.options = source ? [...source.options].map((option) => ({ value: option.value, label: option.label || option.value })) : [];
    this.input.removeAttribute("list");
    source?.remove();
    this.#dress();
    this.input.addEventListener("input", (event) => !event.isComposing && this.#later());
    this.input.addEventListener("compositionend", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => window.setTimeout(() => this.#close(), 150));
  }

  #dress() {
    const id = `vb-options-${++serial}`;
    this.list = make("div", { class: "v-options", id, role: "listbox", hidden: true, "aria-label": this.input.labels?.[0]?.textContent.trim() ?? "" });
    this.status = make("p", { class: "v-sr", role: "status" });
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.append(this.list, this.status);
  }

  #later() {
    window.clearTimeout(this.timer);
    if (this.dataset.url) this.timer = window.setTimeout(() => this.#fetch(), WAIT_MS);
    else this.#suggest();
  }

  async #fetch() {
    const wanted = this.input.value.trim();
    if (wanted) {
      const response = await fetch(`${this.dataset.url}?q=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
      if (!response.ok || wanted !== this.input.value.trim()) return;
      this.options = await response.json();
    }
    this.#suggest();
  }

  #suggest() {
    const wanted = this.input.value.trim();
    const pieces = fold(wanted).split(/\s+/).filter(Boolean);
    const found = this.options.filter((option) => pieces.every((piece) => fold(option.label).includes(piece)));
    this.#show(wanted ? found.slice(0, AT_MOST) : []);
  }

  #show(found) {
    this.list.replaceChildren(...found.map((option, place) => {
      const row = make("div", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false" }, option.label);
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.#take(option);
      });
      row.option = option;
      return row;
    }));
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(Boolean(found.length)));
    this.status.textContent = say("choices", { count: found.length });
  }

  #key(event) {
    if (event.isComposing || this.list.hidden) return;
    const rows = [...this.list.children];
    const now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#mark(rows, (now + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length);
    } else if (event.key === "Enter" && now >= 0) {
      event.preventDefault();
      event.stopPropagation();
      this.#take(rows[now].option);
    } else if (event.key === "Escape") this.#close();
  }

  #mark(rows, place) {
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === place)));
    rows[place].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", rows[place].id);
  }

  #take(option) {
    this.input.value = option.label;
    const hidden = document.getElementById(this.dataset.for ?? "");
    if (hidden) hidden.value = option.value;
    this.#close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("vb-combobox", Combobox);
