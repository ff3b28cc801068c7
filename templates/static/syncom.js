// Syncom: what JavaScript adds. Every page works without this file.

const root = document.documentElement;
root.classList.add("js");

/** Parses a page of ours; nothing in it runs. */
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** Shows another page in place of this one without losing what it says once. */
function show(page, address) {
  document.title = page.title;
  document.documentElement.dataset.skin = page.documentElement.dataset.skin ?? "cssm";
  document.body.replaceWith(document.adoptNode(page.body));
  history.pushState({ syncom: true }, "", address);
  window.scrollTo(0, 0);
  showTab();
  const heading = document.querySelector("main h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

/** Brings the present tab into view where the bar is too narrow for all. */
function showTab() {
  for (const tab of document.querySelectorAll(".tabs [aria-current], .subtabs [aria-current]")) {
    const bar = tab.closest("ul");
    bar.scrollLeft = Math.max(0, tab.offsetLeft + tab.offsetWidth - bar.clientWidth);
  }
}
showTab();

addEventListener("popstate", () => location.reload());

// Copy -----------------------------------------------------------------------

/** Copies text; a page served without TLS has no clipboard object. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("refused");
}

async function copyFrom(button) {
  const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  try {
    await copy(source ? source.textContent.trim() : button.dataset.copy);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Select the text and copy it";
  }
  announce(label.textContent);
  setTimeout(() => {
    label.textContent = before;
    button.closest("[popover]")?.hidePopover();
  }, 1200);
}

/** Tells screen readers. */
function announce(text) {
  let region = document.getElementById("announce");
  if (!region) {
    region = document.createElement("p");
    region.id = "announce";
    region.className = "sr";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = text;
}

// Dialogs --------------------------------------------------------------------

/** The part of a page that can stand in a dialog. */
const sheetOf = (page) => page.querySelector("[data-sheet]");

/** Puts a sheet into a dialog, opening one if none is open. */
function place(sheet) {
  let dialog = document.querySelector("dialog[open]");
  if (!dialog) {
    const opener = document.activeElement;
    dialog = document.createElement("dialog");
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (dialog.dataset.sent) location.reload();
      if (opener instanceof HTMLElement) opener.focus();
    });
    document.body.append(dialog);
  }
  const here = document.activeElement;
  const held = dialog.contains(here) && here.closest("[data-reload]") && here.name;
  dialog.setAttribute("aria-labelledby", "sheet-title");
  dialog.replaceChildren(document.adoptNode(sheet));
  if (!dialog.open) dialog.showModal();
  const again = held && dialog.querySelector(`[name="${CSS.escape(held)}"]:is(select, :checked)`);
  const find = (selector) => dialog.querySelector(selector);
  (again || find("[aria-invalid=true]") || find("[autofocus]") || find("h1"))?.focus();
  dialog.scrollTo(0, 0);
}

/** Fetches an address and shows its sheet; what has none is shown as a page. */
async function open(address, init) {
  const answer = await fetch(address, { credentials: "same-origin", ...init });
  if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) {
    throw new Error("not a page");
  }
  const page = parse(await answer.text());
  const sheet = sheetOf(page);
  if (sheet) place(sheet);
  else show(page, answer.url);
}

/** What a form would send, with the button that was pressed. */
function fieldsOf(form, button) {
  const all = new FormData(form);
  const files = form.enctype === "multipart/form-data" && form.method === "post";
  const fields = files ? all : new URLSearchParams(all);
  if (button?.name) fields.append(button.name, button.value);
  return fields;
}

/** Sends a form that stands in a dialog and shows the answer there. */
async function send(form, button) {
  const address = new URL(button?.getAttribute("formaction") ?? form.action, location.href);
  const method = (button?.getAttribute("formmethod") ?? form.method).toUpperCase();
  const fields = fieldsOf(form, button);
  if (method === "POST") form.closest("dialog").dataset.sent = "yes";
  if (method === "GET") {
    address.search = fields;
    return open(address);
  }
  return open(address, { method, body: fields });
}

/** Says beside the buttons of a form what went wrong. */
function complain(form, text) {
  const line = form.querySelector("[data-complaint]") ?? document.createElement("p");
  line.dataset.complaint = "";
  line.className = "error";
  line.setAttribute("role", "alert");
  line.textContent = text;
  (form.querySelector(".sheet-foot") ?? form).prepend(line);
}

// Events, all caught at the document so that replaced pages need no set-up ----

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0) return;
  const target = event.target;
  const button = target.closest("[data-copy], [data-copy-from]");
  if (button) {
    event.preventDefault();
    copyFrom(button);
    return;
  }
  const close = target.closest("dialog [data-close]");
  if (close) {
    event.preventDefault();
    close.closest("dialog").close();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = target.closest("a[data-dialog]");
  if (link) {
    event.preventDefault();
    link.closest("[popover]")?.hidePopover();
    open(link.href).catch(() => location.assign(link.href));
    return;
  }
  openRow(target);
});

/** A click on a row opens its detail, unless it was meant for something else. */
function openRow(target) {
  const row = target.closest(".rows tbody tr");
  if (!row || target.closest("a, button, input, select, label, summary, [popover]")) return;
  if (String(getSelection())) return;
  row.querySelector("a[data-row]")?.click();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("dialog")) return;
  if (form.matches("[data-download]")) {
    // The browser keeps the file; what the page says has changed when the dialog closes.
    form.closest("dialog").dataset.sent = "yes";
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  send(form, button).catch(() => {
    if (button) button.disabled = false;
    complain(form, "The server did not answer. Nothing may have been changed; try again.");
  });
});

// Fields that decide what the rest of a form shows.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-reload]")?.form ?? null;
  const again = form?.querySelector("[data-again]");
  if (again) form.requestSubmit(again);
});

// The search box of the virtual-account selector: part of a name, or the beginning of a tag.
document.addEventListener("input", (event) => {
  const by = event.target.dataset.filterBy;
  const box = by ? document.getElementById(by) : event.target;
  const list = box?.dataset.filter && document.getElementById(box.dataset.filter);
  if (!list) return;
  const wanted = box.value.trim().toLocaleLowerCase();
  const byTag = box.form.elements.by?.value === "tag";
  const fits = ({ name, tags }) =>
    byTag
      ? tags.toLocaleLowerCase().split(",").some((tag) => tag.startsWith(wanted))
      : name.toLocaleLowerCase().includes(wanted);
  let shown = 0;
  for (const item of list.children) {
    item.hidden = wanted !== "" && !fits(item.dataset);
    if (!item.hidden) shown += 1;
  }
  announce(shown === 1 ? "1 virtual account" : `${shown} virtual accounts`);
});

// Keyboard: arrows (and j, k) go through the rows of a table and of a menu.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const down = event.key === "ArrowDown" || event.key === "j";
  const up = event.key === "ArrowUp" || event.key === "k";
  if (!down && !up) return;
  const here = document.activeElement;
  const typing = here.matches("input, select, textarea");
  if (typing && !(here.dataset.filter && event.key.startsWith("Arrow"))) return;
  const stops = stopsAround(here);
  if (stops.length === 0) return;
  event.preventDefault();
  const at = stops.indexOf(here);
  stops[Math.min(Math.max(at + (down ? 1 : -1), 0), stops.length - 1)].focus();
});

/** What the arrow keys walk through: an open menu, else the rows of a table. */
function stopsAround(here) {
  const menu = here.closest("[popover]") ?? document.querySelector("[popover]:popover-open");
  if (menu) {
    return [...menu.querySelectorAll("a, button, input")].filter((e) => e.offsetParent !== null);
  }
  const scope = here.closest(".rows") ?? document.querySelector("main .rows");
  return scope && !here.closest("dialog") ? [...scope.querySelectorAll("a[data-row]")] : [];
}
