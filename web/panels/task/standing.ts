import type { Queue } from "@foedus/gen/foedus/task/v1/queue_service_pb.js";
import type { Tone } from "../../parts/badge.tsx";
import type { IconName } from "../../parts/icon.tsx";

/** How a queue stands, at a glance. */
export interface StandingLook {
  /** Lower ones need somebody sooner. */
  readonly rank: number;
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  /** Whether somebody has to do something about it. */
  readonly isStuck: boolean;
}

/** What failed for good waits for somebody too, though not as long as the rest stands still. */
const deadRank = 2;

const looks = {
  alone: { rank: 0, word: "Nobody works", icon: "offline", tone: "offline", isStuck: true },
  held: { rank: 1, word: "Paused", icon: "pause", tone: "degraded", isStuck: true },
  full: { rank: 3, word: "Workers full", icon: "up", tone: "accent", isStuck: false },
  busy: { rank: 3, word: "At work", icon: "play", tone: "maintenance", isStuck: false },
  waits: { rank: 4, word: "Not due yet", icon: "wait", tone: "retired", isStuck: false },
  paused: { rank: 4, word: "Paused", icon: "pause", tone: "degraded", isStuck: false },
  idle: { rank: 5, word: "Idle", icon: "minus", tone: "retired", isStuck: false },
} as const satisfies Readonly<Record<string, StandingLook>>;

/** What stands out first: tasks that nobody can take, those that are held back, dead letters. */
export function standingOf(queue: Queue): StandingLook {
  const look = lookOf(queue);
  return queue.failed > 0n ? { ...look, rank: Math.min(look.rank, deadRank) } : look;
}

function lookOf(queue: Queue): StandingLook {
  const { settings, ready, working, scheduled, blocked, workers, room } = queue;
  if (settings?.paused) return ready > 0n ? looks.held : looks.paused;
  if (ready > 0n && workers === 0) return looks.alone;
  if (ready > 0n && room === 0) return looks.full;
  // Between two tasks that come one by one it is at work still.
  if (ready > 0n || working > 0n || queue.completedPerMinute > 0) return looks.busy;
  return scheduled > 0n || blocked > 0n ? looks.waits : looks.idle;
}
