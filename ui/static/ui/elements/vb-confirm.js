/*
 * <vb-confirm>: the paper left, the fields right. The field in focus outlines the place it was read from; the first
 * doubtful field has the focus; Enter goes to the next field from the subject, too, where Shift+Enter breaks the line;
 * Ctrl+Enter sends. Fields carry data-page and data-box ([x, y, w, h] as shares of the page), which c-field writes.
 */

function boxOf(field) {
  const [x, y, w, h] = JSON.parse(field.dataset.box);
  return { page: Number(field.dataset.page || 1), x, y, w, h };
}

class Confirm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form[data-main]") ?? this.querySelector("form"); // others may stand before it
    this.viewer = this.querySelector("vb-pdf");
    if (!this.form) return;
    this.form.addEventListener("focusin", (event) => this.#focused(event.target));
    // The form's buttons may stand outside of it, below the pane that scrolls.
    this.addEventListener("keydown", (event) => event.target.form === this.form && this.#key(event));
    window.setTimeout(() => this.#begin(), 0);
  }

  #fields() {
    return [...this.form.elements].filter((field) => field.matches("input:not([type=hidden]), select, textarea") && !field.disabled);
  }

  #begin() {
    const boxes = this.#fields().filter((field) => field.dataset.box).map(boxOf);
    this.viewer?.highlight?.(boxes, null);
    // On a phone the paper stands above the form: one reads first.
    if (window.matchMedia("(max-width: 61.99em)").matches) return;
    if (document.activeElement && document.activeElement !== document.body) return;
    const first = this.form.querySelector(".v-field--error :is(input, select, textarea), .v-field--doubt :is(input, select, textarea)");
    // Something to look at before the fields stays in sight; the first key brings the field there.
    (first ?? this.#fields()[0])?.focus({ preventScroll: Boolean(this.querySelector("[data-look-first]")) });
  }

  #focused(field) {
    if (!this.viewer?.highlight) return;
    const fields = this.#fields().filter((one) => one.dataset?.box);
    this.viewer.highlight(fields.map(boxOf), fields.includes(field) ? boxOf(field) : null);
  }

  #key(event) {
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.form.requestSubmit(this.form.querySelector(".v-button--primary[type=submit]") ?? undefined);
      return;
    }
    if (event.shiftKey && event.target.matches("textarea")) return;
    if (!event.target.matches("input:not([type=submit], [type=button]), select, textarea")) return;
    event.preventDefault();
    const fields = this.#fields();
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
    else [...this.form.elements].find((one) => one.matches("button[type=submit]") && one.checkVisibility())?.focus();
    next?.select?.();
  }
}

customElements.define("vb-confirm", Confirm);
