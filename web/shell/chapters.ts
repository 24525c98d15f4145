import type { IconName } from "../parts/icon.tsx";

/** One capability with a page. */
export interface Entry {
  readonly to:
    | "/identity"
    | "/access"
    | "/person"
    | "/link"
    | "/node"
    | "/learning"
    | "/event"
    | "/sync"
    | "/task"
    | "/tenant"
    | "/hub";
  readonly title: string;
  readonly icon: IconName;
  /** Pressed after "g" it leads there. */
  readonly key: string;
}

/** A chapter and its capabilities; a chapter appears with its first one. */
export interface Chapter {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** The table of contents of the page. */
export const chapters: readonly Chapter[] = [
  {
    name: "Join",
    entries: [
      { to: "/identity", title: "Identities", icon: "identity", key: "i" },
      { to: "/access", title: "Access", icon: "door", key: "a" },
      { to: "/link", title: "Links", icon: "link", key: "l" },
      { to: "/person", title: "You", icon: "person", key: "y" },
    ],
  },
  {
    name: "See",
    entries: [
      { to: "/node", title: "Map", icon: "map", key: "m" },
      { to: "/learning", title: "Trust", icon: "trust", key: "t" },
    ],
  },
  {
    name: "Share",
    entries: [
      { to: "/event", title: "Events", icon: "event", key: "e" },
      { to: "/sync", title: "Sync", icon: "sync", key: "s" },
    ],
  },
  {
    name: "Work",
    entries: [{ to: "/task", title: "Tasks", icon: "task", key: "k" }],
  },
  {
    name: "Run",
    entries: [
      { to: "/tenant", title: "Tenants", icon: "tenant", key: "n" },
      { to: "/hub", title: "Hub", icon: "server", key: "h" },
    ],
  },
];

/** Every page, in the order of the chapters. */
export const pages: readonly Entry[] = chapters.flatMap(({ entries }) => entries);
