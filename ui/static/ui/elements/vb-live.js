/*
 * <vb-live data-topics="document:12 holder:post:7" data-target="#steps">: the page brings itself up to date.
 *
 * One EventSource per page is shared by all of its vb-live elements. A message (ids only) or "resync" sends the htmx event
 * vb:refresh to the target, which fetches its fragment again, where permission is checked anew. When the stream fails,
 * every 30 s does. Give data-url to use another stream than the office's own.
 */

const POLL_MS = 30000;
const GATHER_MS = 300;
const streams = new Map();

class Stream {
  constructor(url) {
    this.url = url;
    this.listeners = new Set();
    this.#open();
    window.addEventListener("pagehide", () => this.source.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#open());
  }

  /* Streams may have a port of their own, so the session's cookie is asked for. */
  #open() {
    this.source = new EventSource(this.url, { withCredentials: true });
    for (const type of ["message", "resync"]) {
      this.source.addEventListener(type, (event) => this.#heard(type, event.data));
    }
    this.source.addEventListener("open", () => this.#poll(false));
    this.source.addEventListener("error", () => this.#poll(true));
  }

  /* The browser reconnects by itself every few seconds; until then, or when it was refused, the clock does the asking. */
  #poll(on) {
    if (on && this.timer) return;
    window.clearInterval(this.timer);
    this.timer = on ? window.setInterval(() => this.#tick(), POLL_MS) : null;
  }

  #tick() {
    this.#heard("resync", "");
    if (this.source.readyState === EventSource.CLOSED) this.#open();
  }

  #heard(type, data) {
    for (const listener of this.listeners) listener(type, data ?? "");
  }
}

function streamOf(url) {
  if (!streams.has(url)) streams.set(url, new Stream(url));
  return streams.get(url);
}

/** Gather the topics of the whole page into one address. */
function sharedUrl() {
  const topics = new Set();
  for (const element of document.querySelectorAll("vb-live[data-topics]:not([data-url])")) {
    for (const topic of element.dataset.topics.split(/[\s,]+/).filter(Boolean)) topics.add(topic);
  }
  const query = [...topics].map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");
  const base = document.querySelector('meta[name="vanthu-live"]')?.content || "/live/";
  return `${base}?${query}`;
}

/* Nothing is taken from under the hands of somebody who writes, nor from a form that holds what was written in it. */
function isInUse(target) {
  const active = document.activeElement;
  if (target.contains(active) && /^(input|textarea|select)$/i.test(active.tagName)) return true;
  if (target.querySelector("details[open] form")) return true;
  return [...target.querySelectorAll("input:not([type=hidden]), textarea, select")].some(isChanged);
}

function isChanged(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
  if (!field.matches("select")) return field.value !== field.defaultValue;
  const preset = [...field.options].findIndex((option) => option.defaultSelected);
  return field.multiple ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.selectedIndex !== Math.max(0, preset);
}

class Live extends HTMLElement {
  connectedCallback() {
    // After all elements of the page are there, so that their topics travel on one stream.
    window.setTimeout(() => this.#start(), 0);
  }

  disconnectedCallback() {
    this.stream?.listeners.delete(this.listener);
  }

  #start() {
    if (!this.isConnected || this.stream) return;
    this.listener = (type, data) => this.#heard(type, data);
    this.stream = streamOf(this.dataset.url || sharedUrl());
    this.stream.listeners.add(this.listener);
  }

  #heard(type, data) {
    if (type !== "resync" && !this.#concerns(data)) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#refresh(), GATHER_MS);
  }

  #concerns(data) {
    const mine = (this.dataset.topics ?? "").split(/[\s,]+/).filter(Boolean);
    return !mine.length || !data || mine.some((topic) => data.split(/[\s,]+/).includes(topic));
  }

  #refresh() {
    const target = document.querySelector(this.dataset.target);
    if (!target) return;
    if (isInUse(target)) {
      window.vanthu.tell(window.vanthu.say("news"));
      return;
    }
    if (window.htmx) window.htmx.trigger(target, "vb:refresh");
    else target.dispatchEvent(new CustomEvent("vb:refresh", { bubbles: true }));
  }
}

customElements.define("vb-live", Live);
