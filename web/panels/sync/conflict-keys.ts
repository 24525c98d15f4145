import type { KeyboardEvent } from "react";

const writing = "input,select,textarea,dialog";

/** J and K go to the next and the previous conflict, from wherever the focus is among them. */
export function stepBetween(event: KeyboardEvent, frame: HTMLElement | null): void {
  const { key, target } = event;
  const by = key === "j" ? 1 : key === "k" ? -1 : 0;
  if (by === 0 || event.ctrlKey || event.metaKey || event.altKey || frame === null) return;
  if (!(target instanceof Element) || target.closest(writing)) return;
  const all = [...frame.querySelectorAll<HTMLElement>("[data-conflict]")];
  const now = all.findIndex((each) => each.contains(target));
  const next = all[now === -1 ? 0 : now + by];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** The keys of the page, for the list of all keys. */
export const syncKeyLines: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: "/", does: "Find streams" },
  { keys: "↓ ↑", does: "Go from stream to stream" },
  { keys: "Enter", does: "Open the stream" },
  { keys: "J K", does: "Go to the next or previous conflict" },
  { keys: "Esc", does: "Close the stream" },
];
