import type { KeyboardEvent } from "react";

/** Up and down a row, or to either end, among the elements that bear the attribute. */
export function moveBetween(event: KeyboardEvent<HTMLElement>, attribute: string): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !target.hasAttribute(attribute)) return;
  const all = [...currentTarget.querySelectorAll<HTMLElement>(`[${attribute}]`)];
  const now = all.indexOf(target);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}
