import type { Wanted } from "./query.ts";

/** How a value stands: chosen, refused, or as the others say. */
export type Stand = "only" | "not" | "shown" | "hidden";

/** How a value stands among what is wanted. */
export function standOf({ only, not }: Wanted, value: string): Stand {
  if (not.includes(value)) return "not";
  if (only.includes(value)) return "only";
  return only.length === 0 ? "shown" : "hidden";
}

/** Chooses a value, or takes the choice back; several are any of them. */
export function withOnly({ only, not }: Wanted, value: string): Wanted {
  return { only: switched(only, value), not: without(not, value) };
}

/** Refuses a value, or takes that back. */
export function withNot({ only, not }: Wanted, value: string): Wanted {
  return { only: without(only, value), not: switched(not, value) };
}

/** Reads the list of the address, where a minus says not. */
export function choiceIn(list: readonly string[]): Wanted {
  const not = list.flatMap((each) => (each.startsWith("-") ? [each.slice(1)] : []));
  return { only: list.filter((each) => !each.startsWith("-")), not };
}

/** Writes the list of the address; undefined where nothing is said. */
export function choiceText({ only, not }: Wanted): string | undefined {
  return [...only, ...not.map((each) => `-${each}`)].join(",") || undefined;
}

function switched(list: readonly string[], value: string): readonly string[] {
  return list.includes(value) ? without(list, value) : [...list, value];
}

function without(list: readonly string[], value: string): readonly string[] {
  return list.filter((each) => each !== value);
}
