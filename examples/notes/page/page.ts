// A page that edits the collection "notes". All it shows is in this browser; the hub is asked in
// the background, and whenever it is away, nothing stops.
import { newId } from "@foedus/kernel/ids.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import type { Conflict, Row } from "@foedus/sdk/sync/shown.ts";
import { openCollections } from "@foedus/sdk/sync/open.ts";
import { explained } from "./status.ts";

const [list, form, status] = [part("ul"), part("form"), part("[role=status]")];

const collections = await openCollections({ disk: "notes", changed: () => tell() }).catch(
  (error: unknown) => {
    fail(error);
    throw error;
  },
);
type Value = string | boolean;
// Two who change a title at once both keep theirs, until somebody chooses.
const notes = collections.collection<Value>("notes", { kinds: { title: "multi" } });

for (const row of notes.list()) show(row.record, row);
tell();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = form.querySelector("input");
  const title = input?.value ?? "";
  notes.put(newId("note", realWorld), { title, done: false }).catch(fail);
  if (input !== null) input.value = "";
});
for (const one of form.querySelectorAll("input, button")) one.removeAttribute("disabled");
collections.signal.addEventListener("abort", () => fail(collections.signal.reason), {
  once: true,
});
for await (const { record, row } of notes.watch()) {
  show(record, row);
  tell();
}

function show(record: string, row: Row<Value> | undefined): void {
  const item = document.getElementById(record) ?? document.createElement("li");
  if (row === undefined) return item.remove();
  if (item.childElementCount === 0) build(item, record);
  const [done, title] = item.querySelectorAll("input");
  if (done !== undefined) done.checked = row.fields.done === true;
  const text = String(row.fields.title ?? "");
  // Nobody's words are changed under their fingers.
  if (title !== undefined && title !== document.activeElement) title.value = text;
  title?.setAttribute("aria-label", `Title of ${text}`);
  done?.setAttribute("aria-label", `${text} is done`);
  item.querySelector("button")?.setAttribute("aria-label", `Remove ${text}`);
  const conflict = notes.conflicts().find((each) => each.record === record);
  item.querySelector("[role=group]")?.remove();
  if (conflict !== undefined) item.append(choice(conflict));
}

function build(item: HTMLElement, record: string): void {
  item.id = record;
  const [done, title, remove] = [element("input"), element("input"), element("button")];
  done.type = "checkbox";
  title.removeAttribute("type");
  remove.textContent = "Remove";
  done.addEventListener("change", () => {
    notes.put(record, { done: done.checked }).catch(fail);
  });
  title.addEventListener("change", () => {
    notes.put(record, { title: title.value }).catch(fail);
  });
  remove.addEventListener("click", () => {
    notes.remove(record).catch(fail);
  });
  item.append(done, title, remove);
  list.append(item);
}

/** Both values, and a button to keep each. */
function choice({ record, field, values }: Conflict<Value>): HTMLElement {
  const group = element("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Two wrote at once");
  group.append("Two wrote at once: ");
  for (const { value } of values) {
    const keep = element("button");
    keep.textContent = `Keep “${String(value)}”`;
    keep.addEventListener("click", () => {
      notes.resolve(record, field, String(value)).catch(fail);
    });
    group.append(keep);
  }
  return group;
}

function tell(): void {
  status.textContent = explained(collections.status());
}

function fail(error: unknown): void {
  status.textContent = error instanceof Error ? error.message : String(error);
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name) {
  return document.createElement(name);
}

function part(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`no ${selector} on this page`);
  return found;
}
