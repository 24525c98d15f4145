/** Something that is decided about a node, and what that means, before it is done. */
export interface Decision {
  readonly verb:
    | "beginMaintenance"
    | "endMaintenance"
    | "quarantine"
    | "release"
    | "retire"
    | "revoke";
  readonly title: string;
  readonly meaning: string;
  readonly button: string;
  readonly danger: boolean;
  readonly reason: "required" | "wanted" | "none";
  /** The name has to be typed, so that nobody ends the wrong node. */
  readonly typed: boolean;
}

/** The decisions that people take about nodes. */
export const decisions = {
  beginMaintenance: {
    verb: "beginMaintenance",
    title: "Begin maintenance",
    meaning: "The node is shown as being worked on, whatever its heartbeats say, until you end it.",
    button: "Begin maintenance",
    danger: false,
    reason: "wanted",
    typed: false,
  },
  endMaintenance: {
    verb: "endMaintenance",
    title: "End maintenance",
    meaning: "The node is judged by its heartbeats again.",
    button: "End maintenance",
    danger: false,
    reason: "none",
    typed: false,
  },
  quarantine: {
    verb: "quarantine",
    title: "Quarantine the node",
    meaning:
      "Its live sessions are cut at once and it may not return until somebody releases it. " +
      "Everything of it is kept as it is.",
    button: "Quarantine",
    danger: true,
    reason: "required",
    typed: false,
  },
  release: {
    verb: "release",
    title: "Release the node",
    meaning: "It may return under the identity and the role it had.",
    button: "Release",
    danger: false,
    reason: "required",
    typed: false,
  },
  retire: {
    verb: "retire",
    title: "Retire the node",
    meaning: "It leaves for good and its identity ends. Its events stay. This cannot be undone.",
    button: "Retire",
    danger: true,
    reason: "wanted",
    typed: true,
  },
  revoke: {
    verb: "revoke",
    title: "Revoke the node's identity",
    meaning:
      "Its live sessions are cut at once and it may not return. Use this when its key may be in " +
      "other hands. This cannot be undone.",
    button: "Revoke",
    danger: true,
    reason: "required",
    typed: true,
  },
} as const satisfies Record<string, Decision>;
