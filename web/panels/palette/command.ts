import type { IconName } from "../../parts/icon.tsx";

/** In this order they stand while nothing is typed. */
export const groups = [
  "Recent",
  "Pages",
  "Saved views",
  "Nodes",
  "About these nodes",
  "This page",
  "Do",
] as const;
export type Group = (typeof groups)[number];

/** Something the palette leads to or does. */
export interface Command {
  readonly id: string;
  readonly group: Group;
  /** What is shown and found by; somebody else may have chosen it. */
  readonly name: string;
  /** What it is found by besides. */
  readonly words?: readonly string[];
  readonly hint?: string;
  readonly icon: IconName;
  /** Why it cannot be done; it is shown nevertheless. */
  readonly refusal?: string | undefined;
  /** Says what it did where nothing else shows it; then the palette stays open. */
  readonly run: () => string | Promise<string> | void;
}
