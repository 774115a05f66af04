/*
 * <vb-upload> around a form with an <input type=file multiple>: files are dropped anywhere on the page or chosen, each
 * is sent alone with the form's other fields, and says in words how far it is. Without script it is a plain form.
 * Further inputs of the same name (a phone's camera) are taken likewise.
 *
 * The server answers {"url", "words"} with 2xx, or {"error"} with 4xx.
 */

const { say, make, icon, csrf, tell } = window.vanthu;
const AT_ONCE = 2;

class Upload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.inputs = [...(this.form?.querySelectorAll("input[type=file]") ?? [])];
    this.input = this.inputs[0];
    if (!this.input) return;
    this.waiting = [];
    this.running = 0;
    this.counts = { done: 0, total: 0 };
    this.list = make("div", { class: "v-frame", hidden: true });
    this.append(this.list);
    for (const input of this.inputs) input.addEventListener("change", () => this.take(input.files));
    this.form.addEventListener("submit", (event) => this.#submitted(event));
    this.#acceptDrops();
  }

  /* Chosen files are on their way already: with none in the input the button asks for more. */
  #submitted(event) {
    event.preventDefault();
    const chosen = this.inputs.find((input) => input.files.length);
    if (chosen) this.take(chosen.files);
    else this.input.click();
  }

  #acceptDrops() {
    const signal = (this.abort = new AbortController()).signal;
    const over = (on) => this.classList.toggle("is-over", on);
    document.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      over(true);
    }, { signal });
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && over(false), { signal });
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      over(false);
      this.take(event.dataTransfer.files);
    }, { signal });
  }

  disconnectedCallback() {
    this.abort?.abort();
  }

  /** Queue files; what the form asks before (such as secrecy) must be answered first. */
  take(files) {
    const chosen = [...files];
    const others = [...this.form.elements].filter((field) => !this.inputs.includes(field) && field.willValidate);
    if (!chosen.length) return;
    if (!others.every((field) => field.checkValidity())) {
      this.#keep(chosen);
      others.find((field) => !field.checkValidity()).reportValidity();
      return;
    }
    for (const input of this.inputs) input.value = "";
    // An answer that shuts the gate: its advice is on the page, and not a byte leaves this computer.
    if (this.form.querySelector('[data-gate="shut"]:checked')) return;
    for (const file of chosen) this.#queue(file);
  }

  /* Dropped files wait in the input itself until the form's questions are answered. */
  #keep(chosen) {
    const holder = new DataTransfer();
    for (const file of chosen) holder.items.add(file);
    this.input.files = holder.files;
  }

  #queue(file) {
    const stage = make("p", { class: "v-file__stage" }, say("upload_waiting"));
    const bar = make("progress", { max: 100, value: 0, "aria-label": file.name });
    const row = make("div", { class: "v-file" }, icon(file.type.startsWith("image/") ? "file-earmark-image" : "file-earmark-pdf"),
      make("div", {}, make("p", { class: "v-file__name" }, file.name), stage, bar));
    this.list.hidden = false;
    this.list.append(row);
    this.counts.total += 1;
    this.waiting.push({ file, row, stage, bar });
    this.#next();
  }

  #next() {
    while (this.running < AT_ONCE && this.waiting.length) this.#send(this.waiting.shift());
  }

  #send(job) {
    this.running += 1;
    job.data = new FormData(this.form);
    job.data.delete(this.input.name);
    job.data.append(this.input.name, job.file, job.file.name.normalize("NFC"));
    // Each file is a letter of its own: a key shared by two would make the second a repetition of the first.
    if (job.data.has("receipt_key")) job.data.set("receipt_key", job.key ??= crypto.randomUUID?.() ?? `${Date.now()}`);
    const request = new XMLHttpRequest();
    const began = Date.now();
    request.open("POST", this.form.action);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.upload.addEventListener("progress", (event) => this.#progress(job, event, began));
    request.addEventListener("load", () => this.#answered(job, request));
    request.addEventListener("error", () => this.#failed(job, say("upload_cut"), true));
    request.addEventListener("loadend", () => {
      this.running -= 1;
      this.#next();
    });
    request.send(job.data);
  }

  #progress(job, event, began) {
    if (!event.lengthComputable) return;
    const percent = Math.floor((event.loaded / event.total) * 100);
    const seconds = Math.round((Date.now() - began) / 1000 / event.loaded * (event.total - event.loaded));
    job.bar.value = percent;
    job.stage.textContent = percent === 100 ? say("upload_stored") : say(seconds > 2 ? "upload_left" : "upload_running", { percent, seconds });
  }

  #answered(job, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // Not JSON: an error page, its status says enough.
    }
    if (request.status >= 400) {
      this.#failed(job, answer.error || say("failed"), request.status >= 500);
      return;
    }
    this.counts.done += 1;
    job.bar.remove();
    job.row.querySelector(".v-icon").replaceWith(icon("check-circle-fill", "v-green"));
    job.stage.replaceChildren(answer.url ? make("a", { href: answer.url }, answer.words || say("upload_done")) : answer.words || say("upload_done"));
    tell(say("upload_summary", this.counts));
    this.dispatchEvent(new CustomEvent("vb-uploaded", { bubbles: true, detail: answer }));
  }

  #failed(job, reason, again) {
    job.bar.hidden = true;
    job.row.querySelector(".v-icon").replaceWith(icon("exclamation-circle-fill", "v-red"));
    job.stage.replaceChildren(make("span", { class: "v-red" }, say("upload_failed", { reason })));
    if (!again) return;
    const retry = make("button", { type: "button", class: "v-button v-button--s" }, say("upload_retry"));
    retry.addEventListener("click", () => {
      job.bar.hidden = false;
      job.bar.value = 0;
      job.stage.textContent = say("upload_waiting");
      this.waiting.push(job);
      this.#next();
    });
    job.stage.append(" ", retry);
  }
}

customElements.define("vb-upload", Upload);
