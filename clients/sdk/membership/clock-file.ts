import type { HubClock } from "../clock.ts";
import { readObject } from "../json.ts";
import type { NodeStore } from "../store/store.ts";

/** What a run tells the next one about time. */
export interface TimeKept {
  /** How far this machine's wall clock was ahead of the hub's, in milliseconds. */
  readonly skewMs: number;
  /** The hub's clock when this was written: it must not go back far behind it. */
  readonly hubMs: number;
  /** The newest epoch this node told anything under. */
  readonly epoch: number;
}

const file = "clock.json";

/** What the last run wrote; zeros when there was none. */
export async function readTime(store: NodeStore): Promise<TimeKept> {
  const text = await store.read(file);
  try {
    const { skewMs, hubMs, epoch } = readObject(text ?? "{}");
    return { skewMs: whole(skewMs), hubMs: whole(hubMs), epoch: whole(epoch) };
  } catch {
    // It can be measured again; the epoch then begins at the hub's time, past any earlier one.
    return { skewMs: 0, hubMs: 0, epoch: 0 };
  }
}

/** The next epoch: the hub's time, and past every one known. Written before it is used. */
export async function nextEpoch(store: NodeStore, clock: HubClock, known: number): Promise<number> {
  const kept = await readTime(store);
  const epoch = Math.max(clock.now(), kept.epoch + 1, known + 1);
  await writeTime(store, { skewMs: clock.skewMs(), hubMs: clock.now(), epoch });
  return epoch;
}

/** Keeps what was measured. */
export async function writeTime(store: NodeStore, time: TimeKept): Promise<void> {
  await store.write(file, `${JSON.stringify(time)}\n`);
}

function whole(value: unknown): number {
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}
