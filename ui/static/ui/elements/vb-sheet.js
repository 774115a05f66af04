/*
 * <vb-sheet popover>: filters that are a sheet over the screen on a phone. The browser opens and closes it by itself; a form
 * that is sent from within by htmx stays on the page, so the sheet closes to show what came of it.
 */

class Sheet extends HTMLElement {
  connectedCallback() {
    this.listener = (event) => {
      if (event.submitter && this.contains(event.submitter) && this.matches(":popover-open")) this.hidePopover();
    };
    document.addEventListener("submit", this.listener);
  }

  disconnectedCallback() {
    document.removeEventListener("submit", this.listener);
  }
}

customElements.define("vb-sheet", Sheet);
