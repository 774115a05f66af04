/*
 * <vb-suggest data-url="…"> around a search box: papers that what is typed may become, from data-url?q=… (a JSON list of
 * {"symbol", "title", "url"}). A combobox with a listbox (WAI-ARIA): ↓ ↑ choose, Enter opens the chosen paper and otherwise
 * sends the form, Escape shuts the list. What is asked for no more is aborted.
 */

const { say, make } = window.vanthu;
const WAIT_MS = 200;
const LEAST = 2;
let serial = 0;

class Suggest extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    const id = `vb-suggestions-${++serial}`;
    this.list = make("div", { class: "v-options v-suggestions", id, role: "listbox", hidden: true, "aria-label": say("suggestions") });
    this.status = make("p", { class: "v-sr", "aria-live": "polite" });
    const attributes = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.append(this.list, this.status);
    this.input.addEventListener("input", (event) => !event.isComposing && this.#later());
    this.input.addEventListener("compositionend", () => this.#later());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.input.form?.addEventListener("submit", () => this.#close());
  }

  disconnectedCallback() {
    this.#stop();
  }

  #later() {
    this.#stop();
    if (this.input.value.trim().length < LEAST) this.#close();
    else this.timer = window.setTimeout(() => this.#ask(), WAIT_MS);
  }

  #stop() {
    window.clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  async #ask() {
    const asking = new AbortController();
    this.asking = asking;
    const address = `${this.dataset.url}?q=${encodeURIComponent(this.input.value.trim())}`;
    try {
      const response = await fetch(address, { headers: { Accept: "application/json" }, signal: asking.signal });
      const papers = response.ok ? await response.json() : [];
      if (this.asking === asking && document.activeElement === this.input) this.#show(papers);
    } catch (error) {
      // A box without suggestions is still a box: whatever went wrong, one can search.
      if (error.name !== "AbortError") this.#close();
    }
  }

  #show(papers) {
    this.list.replaceChildren(...papers.map((paper, place) => {
      const row = make("div", { role: "option", id: `${this.list.id}-${place}`, "aria-selected": "false", lang: "vi" },
        make("b", { class: "v-number" }, paper.symbol), " ", make("span", {}, paper.title));
      row.dataset.url = paper.url;
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => this.#open(row));
      return row;
    }));
    this.list.hidden = !papers.length;
    this.input.setAttribute("aria-expanded", String(Boolean(papers.length)));
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = papers.length ? say("choices", { count: papers.length }) : "";
  }

  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && !this.list.hidden) {
      // The first Escape shuts the list, the next one does what it does in a box.
      event.preventDefault();
      this.#close();
      return;
    }
    const rows = this.list.hidden ? [] : [...this.list.children];
    const now = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "Enter" && now >= 0) {
      event.preventDefault();
      this.#open(rows[now]);
    } else if (rows.length && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.#mark(rows, event.key === "ArrowDown" ? now + 1 : now < 0 ? rows.length - 1 : now - 1);
    }
  }

  /* Past either end the box itself is next, with what was typed. */
  #mark(rows, place) {
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === place)));
    const row = rows[place];
    if (!row) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    row.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row.id);
  }

  #open(row) {
    this.#close();
    window.location.assign(row.dataset.url);
  }

  #close() {
    this.#stop();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("vb-suggest", Suggest);
