// A minute of a map whose nodes change all the time, and an empty page beside it.
import type { CDPSession, Page } from "playwright-core";
import { notedInside, watchInside } from "../support/inside.ts";
import type { Member } from "../support/populated/shape.ts";
import { untilMs } from "./map.pan.ts";

/** How the page bore it. */
export interface Borne {
  readonly updatesPerSecond: number;
  readonly page: Frames;
  /** An empty page in the same browser, at the same time. */
  readonly empty: Frames;
  /** What the page holds after a collection, at the start, in the middle and at the end. */
  readonly held: readonly Held[];
}

/** The longest frame, and how many took more than 100 ms. */
export interface Frames {
  readonly longestMs: number;
  readonly long: number;
}

/** Memory of a page's scripts in MB, and its DOM nodes. */
export interface Held {
  readonly heapMb: number;
  readonly domNodes: number;
}

const perSecond = 100;
const longMs = 100;
const trouble = "its queue is longer than an hour of work";

/** Lets members change their health a hundred times a second, and watches both pages. */
export async function bear(
  pages: { readonly page: Page; readonly empty: Page },
  members: readonly Member[],
  ms: number,
): Promise<Borne> {
  const cdp = await pages.page.context().newCDPSession(pages.page);
  await cdp.send("HeapProfiler.enable");
  const held = [await heldBy(cdp)];
  const gaps = { page: [] as number[], empty: [] as number[] };
  const done = { updates: 0, ms: 0 };
  // In halves, for a collection is a long frame of our own making.
  for (let half = 0; half < 2; half += 1) {
    await watchInside(pages.page);
    await watchInside(pages.empty);
    const { updates, tookMs } = await changeAll(members, ms / 2);
    done.updates += updates;
    done.ms += tookMs;
    gaps.page.push(...(await notedInside(pages.page)).gapsMs);
    gaps.empty.push(...(await notedInside(pages.empty)).gapsMs);
    held.push(await heldBy(cdp));
  }
  await cdp.detach();
  const updatesPerSecond = (done.updates * 1_000) / done.ms;
  return { updatesPerSecond, page: framesOf(gaps.page), empty: framesOf(gaps.empty), held };
}

/** Each heartbeat turns its node from well to degraded or back; counted when the hub has it. */
async function changeAll(members: readonly Member[], ms: number) {
  const beating = members.filter(({ planned }) => planned.standing === "online");
  const startMs = performance.now();
  const underWay = new Set<Promise<void>>();
  let updates = 0;
  for (let sent = 0; performance.now() - startMs < ms; sent += 1) {
    const member = beating[sent % beating.length];
    const turn = Math.floor(sent / beating.length);
    if (member === undefined) throw new Error("nobody is online");
    const beat = member.beat(turn % 2 === 0 ? trouble : undefined).then(() => void (updates += 1));
    underWay.add(beat);
    void beat.finally(() => underWay.delete(beat));
    await untilMs(startMs + ((sent + 1) * 1_000) / perSecond);
  }
  await Promise.all(underWay);
  return { updates, tookMs: performance.now() - startMs };
}

function framesOf(gapsMs: readonly number[]): Frames {
  const longestMs = gapsMs.reduce((longest, gap) => Math.max(longest, gap), 0);
  return { longestMs, long: gapsMs.filter((gap) => gap > longMs).length };
}

async function heldBy(cdp: CDPSession): Promise<Held> {
  // What finalizers let go of is collected by the second.
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  const { nodes } = await cdp.send("Memory.getDOMCounters");
  return { heapMb: usedSize / 2 ** 20, domNodes: nodes };
}
