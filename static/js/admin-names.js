// Names for what Django's widgets leave without one: select2's boxes, the two halves of a time, the fields of a table.

/** The head of the column that a field of a table stands in. */
function headOf(field) {
  const cell = field?.closest(".tabular td");
  const name = cell?.className.match(/field-(\w+)/)?.[1];
  const table = cell?.closest("table");
  // The last column, to take a row out, bears no name.
  return name ? table.querySelector(`th.column-${name}`) : cell?.matches(".delete") && table.querySelector("thead th:last-child");
}

function nameBox(box) {
  const select = box.closest(".select2-container").previousElementSibling;
  const label = select?.labels?.[0] || headOf(select);
  if (!label || box.dataset.named) return;
  box.dataset.named = "yes";
  label.id ||= `${select.id}-label`;
  // What it is, then what is chosen.
  box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") || ""}`.trim());
  box.querySelector(".select2-selection__rendered")?.setAttribute("aria-label", label.textContent.trim());
}

function nameField(field) {
  const head = headOf(field);
  if (head && !field.labels.length && !field.ariaLabel) field.setAttribute("aria-label", head.textContent.trim());
}

function nameHalf(input) {
  if (input.labels.length || input.ariaLabel) return;
  const label = input.closest(".fieldBox, .form-row")?.querySelector("label, legend");
  const half = input.previousSibling?.textContent?.trim() || "";
  input.setAttribute("aria-label", `${label?.textContent.trim() || ""} ${half}`.trim());
}

function nameColumn(head) {
  const name = document.createElement("span");
  name.className = "visually-hidden";
  name.textContent = "Row";
  head.append(name);
}

function nameAll() {
  document.querySelectorAll("th.original:empty").forEach(nameColumn);
  document.querySelectorAll(".select2-selection").forEach(nameBox);
  document.querySelectorAll(".vDateField, .vTimeField").forEach(nameHalf);
  document.querySelectorAll(".tabular td :is(input:not([type=hidden]), select, textarea)").forEach(nameField);
}

nameAll();
// The boxes come when their script has run, and with each further source.
new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
