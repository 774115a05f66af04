/*
 * <vb-pdf src="…">: the paper, drawn by PDF.js page by page as it comes into sight.
 *
 * data-highlights: JSON list of {"page", "x", "y", "w", "h"}, shares of the page; data-page or #page=7 opens there; #q=…
 * finds words without tone marks. data-hits: JSON list of [page, x, y, w, h] in ten thousandths, where searched words stand;
 * data-forms: the words as they stand on pages whose words have no places, found in the file's own text. Children are the fallback, their first link becomes the download button. A file that
 * is a picture is shown as one page. No WebAssembly: the page's rule has no 'wasm-unsafe-eval' (ux.md 6).
 */

const { say, make, icon, SVG } = window.vanthu;
const HOME = new URL("../vendor/pdfjs-dist-5.6.205/", import.meta.url);
const ZOOM_STEP = 1.25;
const THUMB_WIDTH = 52;
const MAX_PIXELS = 16e6;
const HIT_UNIT = 10000;
let library = null;

/** Load the build this browser understands; older ones get the legacy build. */
function loadLibrary() {
  const modern = typeof Map.prototype.getOrInsertComputed === "function" && typeof Math.sumPrecise === "function" && "toHex" in Uint8Array.prototype;
  const base = new URL(modern ? "build/" : "legacy/build/", HOME);
  library ??= import(new URL("pdf.min.mjs", base).href).then((pdfjs) => {
    pdfjs.GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", base).href;
    return pdfjs;
  });
  return library;
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐÐ]/g, "d").toLowerCase();
}

/** Turn a box of shares by quarter turns, clockwise. */
function turned(box, turns) {
  let { x, y, w, h } = box;
  for (let turn = 0; turn < turns; turn += 1) [x, y, w, h] = [1 - y - h, x, h, w];
  return { x, y, w, h };
}

/** Where a form stands in a line as a word or words of its own. */
function placesOf(text, form) {
  const places = [];
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
    const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);
    if (!isWord(text[at - 1]) && !isWord(text[at + form.length])) places.push(at);
  }
  return places;
}

/** A picture behaves like a paper of one page. */
function pictureAsPaper(image) {
  const viewport = ({ scale, rotation = 0 }) => {
    const flat = rotation % 180 === 0;
    return { scale, rotation, width: (flat ? image.naturalWidth : image.naturalHeight) * scale, height: (flat ? image.naturalHeight : image.naturalWidth) * scale };
  };
  const render = ({ canvasContext: context, viewport: view }) => {
    context.translate(view.width / 2, view.height / 2);
    context.rotate((view.rotation * Math.PI) / 180);
    context.scale(view.scale, view.scale);
    context.drawImage(image, -image.naturalWidth / 2, -image.naturalHeight / 2);
    return { promise: Promise.resolve(), cancel() {} };
  };
  const page = { rotate: 0, getViewport: viewport, render, getTextContent: async () => ({ items: [] }) };
  return { numPages: 1, getPage: async () => page, destroy() {} };
}

class Viewer extends HTMLElement {
  connectedCallback() {
    if (this.frame) return;
    this.zoom = 1;
    this.turns = 0;
    this.sheets = [];
    this.boxes = JSON.parse(this.dataset.highlights || "[]");
    this.current = null;
    this.hits = [];
    this.fallback = [...this.childNodes];
    this.link = this.querySelector("a[href]");
    this.#build();
    this.#open();
  }

  disconnectedCallback() {
    // A swap by htmx moves nothing back: what is gone may free its memory.
    window.setTimeout(() => {
      if (this.isConnected) return;
      this.watcher?.disconnect();
      this.resize?.disconnect();
      this.paper?.destroy?.();
      this.task?.destroy?.();
    }, 0);
  }

  /* ---------- frame ---------- */

  #build() {
    this.pages = make("div", { class: "v-pdf__pages", tabindex: 0, role: "region", "aria-label": say("pdf_sheets") });
    this.thumbs = make("div", { class: "v-thumbs", role: "group", "aria-label": say("pdf_thumbnails") });
    this.pages.append(make("p", { class: "v-meta", role: "status" }, say("pdf_loading")));
    this.frame = make("div", { class: "v-pdf" }, this.#tools(), this.thumbs, this.pages);
    this.replaceChildren(this.frame);
  }

  #tools() {
    this.number = make("input", { class: "v-input v-pdf__page-input v-num", value: "1", inputmode: "numeric", "aria-label": say("pdf_page") });
    this.number.addEventListener("change", () => this.show(Number(this.number.value)));
    this.total = make("span", { class: "v-num" });
    const bar = make("div", { class: "v-pdf__bar", role: "group", "aria-label": say("pdf_tools") }, this.number, this.total, make("span", { class: "v-push" }),
      this.#tool("zoom-out", "pdf_zoom_out", () => this.#zoom(1 / ZOOM_STEP)), this.#tool("zoom-in", "pdf_zoom_in", () => this.#zoom(ZOOM_STEP)),
      this.#tool("arrows-fullscreen", "pdf_fit", () => this.#zoom(0)), this.#tool("arrow-clockwise", "pdf_rotate", () => this.#turn()),
      this.#tool("search", "pdf_find", () => this.#toggleFind()));
    if (this.link) {
      bar.append(make("a", { class: "v-icon-button", href: this.link.href, download: true, "aria-label": say("pdf_download"), title: say("pdf_download") }, icon("download")));
    }
    return bar;
  }

  #tool(name, words, act) {
    const button = make("button", { type: "button", class: "v-icon-button", "aria-label": say(words), title: say(words) }, icon(name));
    button.addEventListener("click", act);
    return button;
  }

  /* ---------- opening ---------- */

  async #open() {
    try {
      this.paper = await this.#load(this.getAttribute("src"));
      await this.#lay();
    } catch (error) {
      console.warn("vb-pdf", error);
      this.#failed();
    }
  }

  async #load(src) {
    try {
      const pdfjs = await loadLibrary();
      this.task = pdfjs.getDocument({
        url: src, useWasm: false, isEvalSupported: false, enableXfa: false,
        wasmUrl: new URL("wasm/", HOME).href, standardFontDataUrl: new URL("standard_fonts/", HOME).href,
      });
      return await this.task.promise;
    } catch (error) {
      if (error?.name !== "InvalidPDFException") throw error;
      const image = new Image();
      image.src = src;
      await image.decode();
      return pictureAsPaper(image);
    }
  }

  #failed() {
    const words = make("div", { class: "v-note v-note--warn" }, icon("exclamation-triangle"), make("div", {}, make("p", {}, say("pdf_failed")), ...this.fallback));
    this.replaceChildren(make("div", { class: "v-pdf__message" }, words));
    this.dispatchEvent(new CustomEvent("vb-failed", { bubbles: true }));
  }

  async #lay() {
    this.total.textContent = say("pdf_of", { total: this.paper.numPages });
    const first = await this.paper.getPage(1);
    this.pages.replaceChildren();
    this.watcher = new IntersectionObserver((seen) => seen.forEach((one) => this.#seen(one)), { root: this.pages, rootMargin: "60% 0px" });
    for (let number = 1; number <= this.paper.numPages; number += 1) this.#addSheet(number, first);
    if (this.paper.numPages === 1) {
      this.thumbs.hidden = true;
      this.frame.classList.add("v-pdf--bare");
    }
    this.pages.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.resize = new ResizeObserver(() => this.#resized());
    this.resize.observe(this.pages);
    this.#begin();
  }

  #addSheet(number, first) {
    const canvas = make("canvas", { role: "img", "aria-label": say("pdf_page_label", { page: number, total: this.paper.numPages }) });
    const overlay = document.createElementNS(SVG, "svg");
    overlay.setAttribute("viewBox", "0 0 1 1");
    overlay.setAttribute("preserveAspectRatio", "none");
    overlay.setAttribute("aria-hidden", "true");
    const words = make("div", { class: "v-pdf__words" });
    const node = make("div", { class: "v-pdf__sheet", "data-number": number }, canvas, overlay, words);
    const sheet = { number, node, canvas, overlay, words, page: number === 1 ? first : null, like: first };
    this.sheets.push(sheet);
    this.pages.append(node);
    this.#size(sheet);
    this.#drawBoxes(sheet);
    this.watcher.observe(node);
    this.#addThumb(sheet);
  }

  #addThumb(sheet) {
    const button = make("button", { type: "button" }, make("canvas", { "aria-hidden": "true" }), make("span", {}, make("span", { class: "v-sr" }, `${say("pdf_page")} `), String(sheet.number)));
    button.addEventListener("click", () => this.show(sheet.number));
    sheet.thumb = button;
    this.thumbs.append(button);
    if (!this.thumbWatcher) {
      this.thumbWatcher = new IntersectionObserver((seen) => {
        for (const one of seen) if (one.isIntersecting) this.#drawThumb(this.sheets.find((other) => other.thumb === one.target));
      }, { root: this.thumbs, rootMargin: "100% 0px" });
    }
    this.thumbWatcher.observe(button);
  }

  #begin() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const page = Number(asked.get("page") || this.dataset.page || 1);
    this.#mark(1);
    if (this.current) this.#reveal(this.current);
    else if (page > 1) this.show(page);
    else if (this.boxes.length && this.dataset.highlights) this.#reveal(this.boxes[0]);
    if (asked.get("q")) this.find(asked.get("q"));
    else if (this.dataset.hits) this.#openHits(page);
    window.addEventListener("hashchange", () => {
      const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("page"));
      if (wanted && this.isConnected) this.show(wanted);
    });
    this.dispatchEvent(new CustomEvent("vb-ready", { bubbles: true, detail: { pages: this.paper.numPages } }));
  }

  /* ---------- drawing ---------- */

  #viewport(sheet) {
    const page = sheet.page ?? sheet.like;
    const rotation = (page.rotate + this.turns * 90) % 360;
    const plain = page.getViewport({ scale: 1, rotation });
    const room = Math.max(200, this.pages.clientWidth - 2 * parseFloat(getComputedStyle(this.pages).paddingLeft || 16));
    return page.getViewport({ scale: (Math.min(room, 1100) / plain.width) * this.zoom, rotation });
  }

  #size(sheet) {
    const view = this.#viewport(sheet);
    sheet.node.style.width = `${Math.floor(view.width)}px`;
    sheet.node.style.height = `${Math.floor(view.height)}px`;
  }

  #seen({ target, isIntersecting }) {
    const sheet = this.sheets[Number(target.dataset.number) - 1];
    sheet.near = isIntersecting;
    if (isIntersecting) this.#draw(sheet);
    else this.#forget(sheet);
  }

  /* Far pages give their memory back: a phone cannot hold 200 canvases. */
  #forget(sheet) {
    sheet.job?.cancel();
    sheet.job = null;
    sheet.drawn = "";
    sheet.canvas.width = 0;
    sheet.canvas.height = 0;
  }

  async #draw(sheet) {
    if (!sheet.page) {
      sheet.page = await this.paper.getPage(sheet.number);
      this.#size(sheet);
    }
    const wanted = `${this.zoom} ${this.turns} ${this.pages.clientWidth}`;
    if (sheet.drawn === wanted || !sheet.near) return;
    sheet.drawn = wanted;
    sheet.job?.cancel();
    const view = this.#viewport(sheet);
    const dense = Math.min(window.devicePixelRatio || 1, Math.sqrt(MAX_PIXELS / (view.width * view.height)));
    const fine = sheet.page.getViewport({ scale: view.scale * dense, rotation: view.rotation });
    await this.#paint(sheet, fine, view);
    this.#readOut(sheet);
  }

  async #paint(sheet, fine, view) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(fine.width);
    canvas.height = Math.floor(fine.height);
    canvas.style.width = `${Math.floor(view.width)}px`;
    canvas.style.height = `${Math.floor(view.height)}px`;
    for (const name of ["role", "aria-label"]) canvas.setAttribute(name, sheet.canvas.getAttribute(name));
    sheet.job = sheet.page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport: fine });
    try {
      await sheet.job.promise;
    } catch (error) {
      if (error?.name !== "RenderingCancelledException") throw error;
      return;
    }
    // Drawn aside and then exchanged, so that nothing flickers.
    sheet.canvas.replaceWith(canvas);
    sheet.canvas = canvas;
    this.dispatchEvent(new CustomEvent("vb-drawn", { bubbles: true, detail: { page: sheet.number } }));
  }

  /* The same page for those who listen: the file's own text, where it has one. */
  async #readOut(sheet) {
    if (!sheet.words.textContent) sheet.words.textContent = await this.#textOf(sheet);
  }

  async #textOf(sheet) {
    if (sheet.text === undefined) {
      sheet.page ??= await this.paper.getPage(sheet.number);
      sheet.content = await sheet.page.getTextContent();
      sheet.text = sheet.content.items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join("");
    }
    return sheet.text;
  }

  async #drawThumb(sheet) {
    if (!sheet || sheet.thumbDrawn || this.paper.numPages === 1) return;
    sheet.thumbDrawn = true;
    const page = sheet.page ?? (await this.paper.getPage(sheet.number));
    const plain = page.getViewport({ scale: 1, rotation: page.rotate });
    const dense = window.devicePixelRatio || 1;
    const view = page.getViewport({ scale: (THUMB_WIDTH / plain.width) * dense, rotation: page.rotate });
    const canvas = sheet.thumb.querySelector("canvas");
    canvas.width = Math.floor(view.width);
    canvas.height = Math.floor(view.height);
    await page.render({ canvas, canvasContext: canvas.getContext("2d"), viewport: view }).promise.catch(() => {});
  }

  /* ---------- moving ---------- */

  /** Bring a page into sight, counted from 1. */
  show(number) {
    const sheet = this.sheets[Math.max(1, Math.min(this.sheets.length, number || 1)) - 1];
    if (!sheet) return;
    this.pages.scrollTo({ top: sheet.node.offsetTop - 12 });
    this.#mark(sheet.number);
  }

  #scrolled() {
    const middle = this.pages.scrollTop + this.pages.clientHeight / 3;
    const sheet = [...this.sheets].reverse().find((one) => one.node.offsetTop <= middle) ?? this.sheets[0];
    if (sheet.number !== this.page) this.#mark(sheet.number);
  }

  #mark(number) {
    this.page = number;
    this.number.value = String(number);
    for (const sheet of this.sheets) sheet.thumb.toggleAttribute("aria-current", sheet.number === number);
    this.sheets[number - 1]?.thumb.setAttribute("aria-current", "page");
    const thumb = this.sheets[number - 1]?.thumb;
    if (thumb && this.thumbs.clientHeight) this.thumbs.scrollTo({ top: thumb.offsetTop - this.thumbs.clientHeight / 3 });
    this.dispatchEvent(new CustomEvent("vb-page", { bubbles: true, detail: { page: number, pages: this.sheets.length } }));
  }

  #zoom(by) {
    this.zoom = by ? Math.max(0.4, Math.min(5, this.zoom * by)) : 1;
    this.#redraw();
  }

  #turn() {
    this.turns = (this.turns + 1) % 4;
    this.#redraw();
  }

  #resized() {
    if (this.width === this.pages.clientWidth) return;
    this.width = this.pages.clientWidth;
    window.clearTimeout(this.resizing);
    this.resizing = window.setTimeout(() => this.#redraw(), 120);
  }

  #redraw() {
    const page = this.page ?? 1;
    for (const sheet of this.sheets) {
      this.#size(sheet);
      this.#drawBoxes(sheet);
      if (sheet.near) this.#draw(sheet);
    }
    const hit = this.hits[this.hit];
    if (hit?.page === page) this.#reveal(hit);
    else if (page > 1) this.show(page);
  }

  /* ---------- places ---------- */

  /** Outline places on the pages; `current` is filled and brought into sight. */
  highlight(boxes, current) {
    this.boxes = boxes;
    this.current = current;
    for (const sheet of this.sheets) this.#drawBoxes(sheet);
    if (current) this.#reveal(current);
  }

  #drawBoxes(sheet) {
    const here = (box) => box && box.page === sheet.number;
    const found = this.hits.filter(here).map((box) => this.#rect(box, `v-pdf__box v-pdf__box--hit${box === this.hits[this.hit] ? " v-pdf__box--here" : ""}`));
    const all = this.boxes.filter(here).map((box) => this.#rect(box, "v-pdf__box"));
    const now = here(this.current) ? [this.#rect(this.current, "v-pdf__box v-pdf__box--now")] : [];
    sheet.overlay.replaceChildren(...found, ...all, ...now);
  }

  #rect(box, css) {
    const rect = document.createElementNS(SVG, "rect");
    const { x, y, w, h } = turned(box, this.turns);
    const values = { class: css, x: x - 0.004, y: y - 0.003, width: w + 0.008, height: h + 0.006 };
    for (const [name, value] of Object.entries(values)) rect.setAttribute(name, value);
    return rect;
  }

  #reveal(box) {
    const sheet = this.sheets[box.page - 1];
    if (!sheet) return;
    const { y, h } = turned(box, this.turns);
    const height = parseFloat(sheet.node.style.height);
    const top = sheet.node.offsetTop + y * height;
    const bottom = top + h * height;
    if (top < this.pages.scrollTop + 20 || bottom > this.pages.scrollTop + this.pages.clientHeight - 20) {
      this.pages.scrollTo({ top: Math.max(0, top - this.pages.clientHeight / 4) });
    }
    if (this.page !== box.page) this.#mark(box.page);
  }

  /* ---------- finding ---------- */

  #toggleFind(takesFocus = true) {
    if (this.finder) {
      this.finder.remove();
      this.finder = null;
      this.hits = [];
      for (const sheet of this.sheets) this.#drawBoxes(sheet);
      return;
    }
    const input = make("input", { class: "v-input", type: "search", "aria-label": say("pdf_find"), placeholder: say("pdf_find") });
    this.found = make("span", { role: "status" });
    this.finder = make("div", { class: "v-pdf__find" }, input, this.#tool("chevron-up", "pdf_previous", () => this.#step(-1)), this.#tool("chevron-down", "pdf_next", () => this.#step(1)), this.found);
    this.frame.querySelector(".v-pdf__bar").after(this.finder);
    this.frame.classList.add("v-pdf--finding");
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (input.value === this.wanted && this.hits.length) this.#step(event.shiftKey ? -1 : 1);
      else this.find(input.value);
    });
    if (takesFocus) input.focus();
  }

  /** Find words in the file's text layer, without tone marks; a line that holds them is marked. */
  async find(text) {
    this.wanted = text;
    const wanted = fold(text.trim());
    this.hits = [];
    for (const sheet of wanted ? this.sheets : []) {
      await this.#textOf(sheet);
      this.hits.push(...this.#linesWith(sheet, wanted));
    }
    this.hit = -1;
    for (const sheet of this.sheets) this.#drawBoxes(sheet);
    if (this.hits.length) this.#step(1);
    else if (this.found) this.found.textContent = wanted ? say("pdf_not_found") : "";
    return this.hits.length;
  }

  /* What a search found on these pages: the boxes that came along, and forms to be found where there are none. */
  async #openHits(page) {
    this.hits = JSON.parse(this.dataset.hits).map(([number, ...sides]) => {
      const [x, y, w, h] = sides.map((side) => side / HIT_UNIT);
      return { page: number, x, y, w, h };
    });
    const forms = JSON.parse(this.dataset.forms || "[]");
    const boxed = new Set(this.hits.map((hit) => hit.page));
    this.#showHits(page);
    if (!forms.length) return;
    for (const sheet of this.sheets.filter((one) => !boxed.has(one.number))) {
      await this.#textOf(sheet);
      this.hits.push(...this.#formsOn(sheet, forms));
    }
    this.hits.sort((one, other) => one.page - other.page);
    this.#showHits(page);
  }

  #showHits(page) {
    for (const sheet of this.sheets) this.#drawBoxes(sheet);
    if (!this.hits.length) return;
    if (!this.finder) this.#toggleFind(false);
    this.hit = Math.max(0, this.hits.findIndex((hit) => hit.page >= page)) - 1;
    this.#step(1);
  }

  /* Forms as they are written, so that nothing has to be folded here; a box is cut from its line by letters. */
  #formsOn(sheet, forms) {
    const view = sheet.page.getViewport({ scale: 1, rotation: sheet.page.rotate });
    const wanted = forms.map((form) => form.normalize("NFC"));
    return sheet.content.items.flatMap((item) => {
      const text = (item.str ?? "").normalize("NFC");
      const letters = text.length || 1;
      return wanted.flatMap((form) => placesOf(text, form).map((at) => {
        const box = this.#boxOf(item, view);
        return { page: sheet.number, x: box.x + (box.w * at) / letters, y: box.y, w: (box.w * form.length) / letters, h: box.h };
      }));
    });
  }

  #boxOf(item, view) {
    const [, , , , left, base] = item.transform;
    const [x1, y1, x2, y2] = view.convertToViewportRectangle([left, base, left + item.width, base + (item.height || 10)]);
    const [x, y] = [Math.min(x1, x2) / view.width, Math.min(y1, y2) / view.height];
    return { x, y, w: Math.abs(x2 - x1) / view.width, h: Math.abs(y2 - y1) / view.height };
  }

  #linesWith(sheet, wanted) {
    const view = sheet.page.getViewport({ scale: 1, rotation: sheet.page.rotate });
    return sheet.content.items.filter((item) => fold(item.str ?? "").includes(wanted)).map((item) => ({ page: sheet.number, ...this.#boxOf(item, view) }));
  }

  #step(by) {
    if (!this.hits.length) return;
    this.hit = (this.hit + by + this.hits.length) % this.hits.length;
    this.#reveal(this.hits[this.hit]);
    for (const sheet of this.sheets) this.#drawBoxes(sheet);
    if (this.found) this.found.textContent = say("pdf_found", { number: this.hit + 1, total: this.hits.length });
  }
}

customElements.define("vb-pdf", Viewer);
