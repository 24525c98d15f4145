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
    | "/tenant"
    | "/hub";
  readonly title: string;
  readonly icon: IconName;
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
      { to: "/identity", title: "Identities", icon: "identity" },
      { to: "/access", title: "Access", icon: "door" },
      { to: "/link", title: "Links", icon: "link" },
      { to: "/person", title: "You", icon: "person" },
    ],
  },
  {
    name: "See",
    entries: [
      { to: "/node", title: "Map", icon: "map" },
      { to: "/learning", title: "Trust", icon: "trust" },
    ],
  },
  { name: "Share", entries: [{ to: "/event", title: "Events", icon: "event" }] },
  {
    name: "Run",
    entries: [
      { to: "/tenant", title: "Tenants", icon: "tenant" },
      { to: "/hub", title: "Hub", icon: "server" },
    ],
  },
];
