/*
 * <vb-capture data-most data-largest data-largest-all> around a form with file inputs: photos gather in a list, each a page
 * of one paper; buttons put them in order or take them away, by touch and by keyboard. A PDF is sent as a paper of its own.
 * Without script it is a plain form that sends the files in the order in which they were chosen.
 *
 * Photos are shown on a canvas, since a blob's address is not ours under the content security policy. Pictures that are no
 * JPEG are drawn as one where the browser can; where it cannot, the server says so.
 */

const { say, make, icon, csrf, tell } = window.vanthu;
const THUMB_WIDTH = 240;
const QUALITY = 0.92;

async function asJpeg(file) {
  if (file.type === "image/jpeg") return file;
  try {
    const picture = await createImageBitmap(file);
    const canvas = make("canvas", { width: picture.width, height: picture.height });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

async function drawThumb(canvas, file) {
  try {
    const picture = await createImageBitmap(file, { resizeWidth: THUMB_WIDTH, resizeQuality: "medium" });
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
  } catch {
    canvas.hidden = true; // what the browser cannot draw still has its name
  }
}

class Capture extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.list = this.querySelector(".v-shots");
    this.progress = this.querySelector("[data-progress]");
    this.sent = this.querySelector("[data-sent]");
    this.inputs = [...this.querySelectorAll("input[type=file]")];
    this.shots = [];
    for (const input of this.inputs) input.addEventListener("change", () => this.#take(input));
    this.form.addEventListener("submit", (event) => this.#submitted(event));
    this.list.addEventListener("click", (event) => this.#pressed(event.target.closest("button")));
  }

  #take(input) {
    const files = [...input.files];
    input.value = "";
    for (const file of files) this.#add(file);
  }

  #add(file) {
    const largest = Number(this.dataset.largest);
    if (file.size > largest) return tell(say("shot_too_large", { name: file.name, megabytes: largest >> 20 }), "bad");
    if (file.type === "application/pdf") return this.#send([file]);
    if (this.shots.length >= Number(this.dataset.most)) return tell(say("shot_too_many", { most: this.dataset.most }), "bad");
    const canvas = make("canvas", { "aria-hidden": "true" });
    drawThumb(canvas, file);
    const shot = { file, item: make("li", { class: "v-shot" }, canvas, make("span", { class: "v-shot__name" }), this.#buttons()) };
    this.shots.push(shot);
    this.list.append(shot.item);
    this.#number();
    tell(say("shot_count", { count: this.shots.length }));
    return shot;
  }

  #buttons() {
    const button = (act, symbol) => make("button", { type: "button", class: "v-button v-button--quiet", "data-act": act }, icon(symbol));
    return make("span", { class: "v-shot__acts" }, button("up", "arrow-up"), button("down", "arrow-down"), button("remove", "trash"));
  }

  #number() {
    this.list.hidden = !this.shots.length;
    this.shots.forEach(({ item }, index) => {
      const number = index + 1;
      item.querySelector(".v-shot__name").textContent = say("shot_page", { number });
      for (const button of item.querySelectorAll("button")) {
        const label = say(`shot_${button.dataset.act}`, { number });
        button.setAttribute("aria-label", label);
        button.title = label;
      }
      item.querySelector("[data-act=up]").disabled = index === 0;
      item.querySelector("[data-act=down]").disabled = number === this.shots.length;
    });
  }

  #pressed(button) {
    if (!button) return;
    const index = this.shots.findIndex(({ item }) => item.contains(button));
    if (button.dataset.act === "remove") this.#remove(index);
    else this.#move(index, button.dataset.act === "up" ? index - 1 : index + 1, button);
  }

  #remove(index) {
    const [shot] = this.shots.splice(index, 1);
    shot.item.remove();
    this.#number();
    const next = this.shots[Math.min(index, this.shots.length - 1)];
    (next?.item.querySelector("[data-act=remove]") ?? this.inputs[0]).focus();
    tell(say("shot_count", { count: this.shots.length }));
  }

  #move(from, to, button) {
    const [shot] = this.shots.splice(from, 1);
    this.shots.splice(to, 0, shot);
    this.list.insertBefore(shot.item, this.list.children[to > from ? to + 1 : to] ?? null);
    this.#number();
    // The page has come to an end of the list: the way back is the button at hand.
    (button.disabled ? shot.item.querySelector("button:not([disabled])") : button).focus();
    tell(say("shot_moved", { number: to + 1 }));
  }

  async #submitted(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!this.form.reportValidity()) return;
    if (!this.shots.length) {
      tell(say("shot_none"));
      this.inputs[0].focus();
      return;
    }
    const shots = this.shots;
    const many = shots.length > 1;
    const files = await Promise.all(shots.map(({ file }) => (many ? asJpeg(file) : file)));
    const answer = await this.#send(files);
    if (!answer) return;
    for (const { item } of shots) item.remove();
    this.shots = [];
    this.#number();
    this.inputs[0].focus();
  }

  /* One paper. A second sending after a cut connection is the same paper: the key stays until it was answered. */
  async #send(files) {
    if (this.busy || this.form.querySelector('[data-gate="shut"]:checked')) return null;
    this.busy = true;
    const data = new FormData(this.form);
    data.delete("files");
    for (const file of files) data.append("files", file, file.name.normalize("NFC"));
    const answer = await this.#post(data);
    this.busy = false;
    this.progress.hidden = true;
    if (answer.error) {
      tell(say("upload_failed", { reason: answer.error }), "bad");
      return null;
    }
    const key = this.form.elements.receipt_key;
    if (key && crypto.randomUUID) key.value = crypto.randomUUID();
    this.sent.hidden = false;
    this.sent.append(make("p", { class: "v-file" }, icon("check-circle-fill", "v-green"), make("a", { href: answer.url }, answer.words)));
    tell(say("upload_done"));
    return answer;
  }

  #post(data) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.setRequestHeader("X-CSRFToken", csrf());
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        this.progress.hidden = false;
        this.progress.textContent = say("upload_running", { percent: Math.floor((event.loaded / (event.total || 1)) * 100) });
      });
      request.addEventListener("error", () => done({ error: say("upload_cut") }));
      request.addEventListener("load", () => {
        try {
          const answer = JSON.parse(request.responseText);
          done(request.status < 400 || answer.error ? answer : { error: say("failed") });
        } catch {
          done({ error: say("failed") });
        }
      });
      request.send(data);
    });
  }
}

customElements.define("vb-capture", Capture);
