const lanes = [
  "Before all others: whatever lane 0 has to send goes first.",
  "Four parts of what lane 0 leaves.",
  "Two parts of what lane 0 leaves.",
  "One part of what lane 0 leaves.",
];

/** What a lane means for whoever waits for it. */
export function laneText(lane: number): string {
  return lanes[lane] ?? "A lane this page does not know.";
}
