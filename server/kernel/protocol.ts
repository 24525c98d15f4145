/** The oldest and the newest protocol between a hub and its nodes that this release speaks. */
export const protocol = { min: 1, max: 1 } as const;

/** What this release can do over a link beside the protocol's own calls; sorted. */
export const linkCapabilities: readonly string[] = [
  "event.batch",
  "event.stream",
  "link.report",
  "node.watch",
];

/** How often a node reports what passed over its link. */
export const reportMs = 30_000;

/** How many round trips a mean and a trend are made of. */
export const tripsKept = 64;
