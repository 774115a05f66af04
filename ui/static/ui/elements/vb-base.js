/*
 * What every page does by itself: the words of the scripts, CSRF for htmx, focus after a change of page, menus and
 * dialogs by data attributes, one sending per form, and the bar that says the connection is lost.
 * Elements use window.vanthu; nothing here needs eval or an inline script.
 */

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
const words = JSON.parse(meta("vanthu-words") || "{}");
const SVG = "http://www.w3.org/2000/svg";

/** Say a sentence in the reader's language, with its {names} filled in. */
function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Draw one symbol of the sprite. */
function icon(name, css = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `v-icon ${css}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${meta("vanthu-icons")}#${name}`);
  svg.append(use);
  return svg;
}

/** Make an element with attributes and children; null attributes are left out. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

function csrf() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value || meta("vanthu-csrf");
}

/** Show a sentence in the one status region. */
function tell(text, kind = "") {
  document.querySelector("vb-toast")?.show?.(text, kind);
}

window.vanthu = { say, icon, make, csrf, tell, SVG };

/* ---------- htmx ---------- */

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf();
});
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
document.addEventListener("htmx:responseError", (event) => {
  // A refusal is an answer: 409 and 422 bring the panel that says what to do.
  const status = event.detail.xhr.status;
  if (status !== 409 && status !== 422) tell(say("failed"), "bad");
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  const heading = event.detail.elt?.querySelector?.("h1[tabindex]");
  if (heading) heading.focus();
  takeFocus(event.detail.elt);
});
document.addEventListener("vb:toast", (event) => tell(event.detail?.value ?? event.detail));

/* An error summary takes the focus, so that the first thing heard is what to correct. */
function takeFocus(root) {
  root?.querySelector?.("[data-takes-focus]")?.focus();
}
takeFocus(document);

/* ---------- menus and forms ---------- */

/* A menu opens under its button; the browser's own popover does the rest. Positions are set by CSSOM, which CSP allows. */
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches(".v-menu[popover]") || event.newState !== "open") return;
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button || window.matchMedia("(max-width: 61.99em)").matches) return;
  const box = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, window.innerWidth - menu.offsetWidth - 8));
  const below = box.bottom + 4;
  const top = below + menu.offsetHeight > window.innerHeight ? Math.max(8, box.top - menu.offsetHeight - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}, true);

/* One sending per form: the button says so and sleeps; the server has the receipt key for what slips through. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  window.setTimeout(() => event.submitter?.setAttribute("aria-disabled", "true"), 0);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
});

/* Canned words: data-says on a button writes into the field named by data-into. */
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-says]");
  const field = button && document.getElementById(button.dataset.into);
  if (!field) return;
  field.value = field.value.trim() ? `${field.value.trim()} ${button.dataset.says}` : button.dataset.says;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

/* ---------- connection ---------- */

let bar = null;

function connection() {
  if (navigator.onLine) {
    bar?.remove();
    if (bar) tell(say("online"));
    bar = null;
    return;
  }
  bar ??= make("p", { class: "v-connection", role: "alert" }, say("offline"));
  document.body.append(bar);
}

/* Approvals are legal acts: nothing is queued, sending waits until the connection is back. */
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  connection();
}, true);
window.addEventListener("online", connection);
window.addEventListener("offline", connection);
if (!navigator.onLine) connection();
