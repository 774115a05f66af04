/*
 * Dialogs by data attributes: data-opens="id" opens <dialog id>, data-closes closes the one around it. The browser's own
 * dialog keeps the focus inside, closes on Esc and gives the focus back.
 */

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog?.showModal) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[autofocus], .v-dialog__body :is(input:not([type=hidden]), textarea, select)")?.focus();
    return;
  }
  if (event.target.closest?.("[data-closes]")) event.target.closest("dialog")?.close();
  else if (event.target.matches?.("dialog.v-dialog")) closeFromOutside(event);
});

/* A click on the veil closes, unless something was typed: what was typed must not be lost by a slip. */
function closeFromOutside(event) {
  const dialog = event.target;
  const box = dialog.getBoundingClientRect();
  const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  const typed = [...dialog.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
  if (outside && !typed) dialog.close();
}
