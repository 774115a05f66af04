/*
 * <vb-toast role="status">: the one region that says what just happened. Server messages are its children when the page
 * loads; scripts call show(). What is said stays eight seconds, longer while it is pointed at or holds the focus.
 */

const STAYS_MS = 8000;
const AT_MOST = 3;

class Toast extends HTMLElement {
  connectedCallback() {
    for (const said of this.children) this.#fade(said);
  }

  show(text, kind = "") {
    const said = document.createElement("p");
    said.className = kind ? `v-toast v-toast--${kind}` : "v-toast";
    said.textContent = text;
    this.append(said);
    while (this.children.length > AT_MOST) this.firstElementChild.remove();
    this.#fade(said);
  }

  #fade(said) {
    window.setTimeout(() => {
      if (said.matches(":hover, :focus-within")) this.#fade(said);
      else said.remove();
    }, STAYS_MS);
  }
}

customElements.define("vb-toast", Toast);
