// A minute of a map whose nodes change all the time, and an empty page beside it.
import type { CDPSession, Page } from "playwright-core";
import { type Held as Heap, heldBy } from "../support/held.ts";
import { framesInside, notedInside, watchInside } from "../support/inside.ts";
import type { Member } from "../support/populated/shape.ts";
import { untilMs } from "./map.pan.ts";

/** How the page bore it. */
export interface Borne {
  readonly updatesPerSecond: number;
  readonly page: Frames;
  /** An empty page in the same browser, at the same time. */
  readonly empty: Frames;
  /** What the page holds after a collection: before the first change, and after each third. */
  readonly held: readonly Held[];
}

/** The longest frame, and how many took more than 100 ms. */
export interface Frames {
  readonly longestMs: number;
  readonly long: number;
}

/** Memory of a page, in bytes, its DOM nodes, and how many changes it was told by then. */
export interface Held extends Heap {
  readonly domNodes: number;
  readonly updates: number;
}

const perSecond = 100;
const parts = 3;
const longMs = 100;
/** The frame that the look at the heap made long is over by then. */
const settleFrames = 5;
const trouble = "its queue is longer than an hour of work";

/** Lets members change their health a hundred times a second, and watches both pages. */
export async function bear(
  pages: { readonly page: Page; readonly empty: Page },
  members: readonly Member[],
  ms: number,
): Promise<Borne> {
  const cdp = await pages.page.context().newCDPSession(pages.page);
  const done = { updates: 0, ms: 0 };
  const held = [await holds(cdp, pages.page, done.updates)];
  const gaps = { page: [] as number[], empty: [] as number[] };
  // In parts, for looking at the heap is a long frame of our own making.
  for (let part = 0; part < parts; part += 1) {
    await watchInside(pages.page);
    await watchInside(pages.empty);
    const { updates, tookMs } = await changeAll(members, ms / parts);
    done.updates += updates;
    done.ms += tookMs;
    gaps.page.push(...(await notedInside(pages.page)).gapsMs);
    gaps.empty.push(...(await notedInside(pages.empty)).gapsMs);
    // What was noted is no memory of the page's own.
    await watchInside(pages.page);
    held.push(await holds(cdp, pages.page, done.updates));
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

async function holds(cdp: CDPSession, page: Page, updates: number): Promise<Held> {
  const heap = await heldBy(cdp);
  const { nodes: domNodes } = await cdp.send("Memory.getDOMCounters");
  await framesInside(page, settleFrames);
  return { ...heap, domNodes, updates };
}

/** How many bytes scripts came to hold with each change, once all that is made once was made. */
export function growthOf(held: readonly Held[]): number {
  const [settled, last] = [held[1], held.at(-1)];
  if (settled === undefined || last === undefined || last === settled) return Number.NaN;
  return (last.scripts - settled.scripts) / (last.updates - settled.updates);
}
