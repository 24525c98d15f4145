import { pages } from "../../shell/chapters.ts";
import { paletteKey } from "../../shell/tools.tsx";
import { eventKeys } from "../event/keys.ts";
import { syncKeyLines } from "../sync/conflict-keys.ts";
import { taskKeyLines } from "../task/keys.ts";

/** One key or several, and what it does. */
export interface KeyLine {
  readonly keys: string;
  readonly does: string;
}

/** The keys of one part of the app. */
export interface KeyGroup {
  readonly title: string;
  /** The page they are for; undefined for all. */
  readonly to?: string;
  readonly lines: readonly KeyLine[];
}

/** All keys there are, by where they do something. */
export const keyGroups: readonly KeyGroup[] = [
  {
    title: "Everywhere",
    lines: [
      { keys: paletteKey, does: "Search or run anything" },
      { keys: "?", does: "Show these keys" },
      { keys: "/", does: "Go to the search of the page" },
      { keys: "Esc", does: "Close what lies over the page, or the panel" },
      { keys: "Tab", does: "Go to what can be used next" },
    ],
  },
  {
    title: "Go to a page",
    lines: pages.map(({ key, title }) => ({ keys: `g ${key}`, does: title })),
  },
  {
    title: "Map",
    to: "/node",
    lines: [
      { keys: "← → ↑ ↓", does: "Go from node to node" },
      { keys: "Enter", does: "Open the node" },
      { keys: "+ -", does: "Zoom in or out" },
      { keys: "0", does: "Show all nodes" },
      { keys: "Esc", does: "Let go of the node" },
    ],
  },
  { title: "Events", to: "/event", lines: eventKeys },
  { title: "Sync", to: "/sync", lines: syncKeyLines },
  { title: "Tasks", to: "/task", lines: taskKeyLines },
];
