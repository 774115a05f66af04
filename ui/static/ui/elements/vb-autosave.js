/*
 * <vb-autosave data-url data-version> around a textarea or a form: what is typed is saved two seconds later.
 *
 * Sends all fields and version; the server answers {"version", "saved_at"}, or 409 {"version", "text", "who"} when another
 * hand was faster: then both texts are shown and nothing is overwritten. A refusal, 422 {"error"}, is said and not tried
 * again: the text stays in the field. While the line is down the draft waits in the browser and is tried again.
 */

const { say, make, csrf } = window.vanthu;
const AFTER_MS = 2000;
const AGAIN_MS = 5000;

class Autosave extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea, input:not([type=hidden])");
    if (!this.field) return;
    this.version = this.dataset.version;
    this.state = make("p", { class: "v-saved", role: "status" });
    this.append(this.state);
    this.store = `vanthu.draft:${this.dataset.url}:${this.field.name}`;
    this.#restore();
    this.addEventListener("input", () => this.#typed());
    this.addEventListener("focusout", () => this.dirty && this.save());
  }

  disconnectedCallback() {
    window.clearTimeout(this.timer);
  }

  /* A draft that could not be sent comes back, but only onto the version it was written on. */
  #restore() {
    const kept = JSON.parse(localStorage.getItem(this.store) ?? "null");
    if (kept && kept.version === this.version && kept.text !== this.field.value) {
      this.field.value = kept.text;
      this.#typed();
    } else localStorage.removeItem(this.store);
  }

  #typed() {
    this.dirty = true;
    this.state.textContent = say("save_pending");
    localStorage.setItem(this.store, JSON.stringify({ version: this.version, text: this.field.value }));
    this.#later(AFTER_MS);
  }

  #later(wait) {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), wait);
  }

  #body() {
    const form = this.querySelector("form");
    const data = form ? new FormData(form) : new FormData();
    data.set(this.field.name, this.field.value.normalize("NFC"));
    data.set("version", this.version);
    return new URLSearchParams(data);
  }

  /** Send now; called by itself, by leaving the field, and by vb-confirm. */
  async save() {
    if (this.sending || this.conflict) return;
    window.clearTimeout(this.timer);
    this.sending = true;
    this.dirty = false;
    this.state.textContent = say("save_running");
    try {
      const headers = { "X-CSRFToken": csrf(), Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
      const response = await fetch(this.dataset.url, { method: "POST", headers, body: this.#body() });
      await this.#answered(response);
    } catch {
      this.#unsaved();
    } finally {
      this.sending = false;
    }
    if (this.dirty) this.#later(AFTER_MS);
  }

  async #answered(response) {
    if (response.status === 409) {
      this.#conflict(await response.json());
      return;
    }
    if (response.status === 422) {
      this.state.textContent = (await response.json()).error;
      return;
    }
    if (!response.ok) {
      this.#unsaved();
      return;
    }
    const answer = await response.json();
    this.#move(answer.version);
    if (!this.dirty) localStorage.removeItem(this.store);
    this.state.textContent = say("save_done", { time: answer.saved_at ?? "" });
  }

  #move(version) {
    this.version = String(version);
    const hidden = this.querySelector("input[name=version]");
    if (hidden) hidden.value = this.version;
  }

  #unsaved() {
    this.dirty = true;
    this.state.textContent = say("save_failed");
    this.#later(AGAIN_MS);
  }

  #conflict(theirs) {
    this.conflict = true;
    this.state.textContent = "";
    const text = make("textarea", { class: "v-input", rows: this.field.rows || 4, readonly: true, "aria-label": say("save_theirs") });
    text.value = theirs.text ?? "";
    const take = make("button", { type: "button", class: "v-button" }, say("save_take_theirs"));
    const keep = make("button", { type: "button", class: "v-button" }, say("save_keep_mine"));
    const panel = make("div", { class: "v-note v-note--warn", role: "alert" }, window.vanthu.icon("exclamation-triangle"),
      make("div", { class: "v-stack v-stack--2" }, make("p", {}, say("save_conflict", { who: theirs.who ?? "" })), text, make("p", { class: "v-line" }, take, keep)));
    const settle = (mine) => {
      this.conflict = false;
      this.#move(theirs.version);
      if (!mine) this.field.value = theirs.text ?? "";
      localStorage.removeItem(this.store);
      panel.remove();
      this.field.focus();
      this.save();
    };
    take.addEventListener("click", () => settle(false));
    keep.addEventListener("click", () => settle(true));
    this.append(panel);
  }
}

customElements.define("vb-autosave", Autosave);
