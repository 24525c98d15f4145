// Two hubs that differ in their door alone: the same is done to both, and compared as values.
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect } from "vitest";
import type { BareHub, BareHubOptions } from "../support/hub.bare.ts";
import { startBareHub } from "../support/hub.bare.ts";
import { until } from "../support/until.ts";
import type { Seen } from "./answers.ts";
import { openAnswers } from "./answers.ts";

/**
 * What the lean door does otherwise, on purpose. Each name is a case that says by `differs` what
 * either door answers; all other cases are equal.
 */
export const deltas = [
  // Who is gone, or late, before the guards are done: the adapter calls the handler all the same.
  "gone before it begins",
  // A deadline of more than 24 days: Connect's timer overflows, and it passes at once.
  "days to go",
  // The adapter waits for the rest of the request, however late it is; the lean door answers.
  "late before it is whole",
  // HTTP/2 ends such a stream. The adapter takes it for a bug of ours, the lean door for a leaving.
  "a length that is a lie",
  // The adapter tells it in Connect's words; the lean door as everywhere, with reason and fix.
  "an answer too large",
] as const;

/** One of the two hubs, with the service of this folder. */
export interface Side {
  readonly name: "stock" | "lean";
  readonly hub: BareHub;
  readonly seen: Seen;
  /** Calls under way at its web and node listeners, as its meters tell. */
  calls(): Promise<number>;
  /** How often each method ended with each code, and each refusal was told. */
  figures(): Promise<string[]>;
}

/** The two of a test file. */
export interface Pair {
  readonly stock: Side;
  readonly lean: Side;
}

/** No case of a comparison is to meet a rate, unless it is about rates. */
const unhurried = { control_rate: "100000000", connections_per_address_max: "1000" };

/** Starts one hub with the given door. */
export async function openSide(lean: boolean, options: BareHubOptions = {}): Promise<Side> {
  const { capability, seen } = openAnswers();
  const capabilities = [capability, ...(options.capabilities ?? [])];
  const values = { ...unhurried, ...options.values };
  const hub = await startBareHub({ ...options, lean, capabilities, values });
  const lines = async (begins: RegExp) => {
    const text = await (await fetch(`${hub.web}/metrics`)).text();
    return text.split("\n").filter((line) => begins.test(line));
  };
  return {
    name: lean ? "lean" : "stock",
    hub,
    seen,
    async calls() {
      const counts = (await lines(/^foedus_call\{/)).map((line) => Number(line.split(" ").at(-1)));
      // Whoever asks is under way as well.
      return counts.reduce((sum, one) => sum + one, -1);
    },
    figures: async () => (await lines(/^foedus_(rpc|refusal)_total/)).toSorted(),
  };
}

/** Starts both before the tests of a file, and ends them after. */
export function twoHubs(options: BareHubOptions = {}): () => Pair {
  let pair: Pair | undefined;
  beforeAll(async () => {
    const [stock, lean] = await Promise.all([openSide(false, options), openSide(true, options)]);
    pair = { stock, lean };
  });
  afterAll(async () => {
    await Promise.all([pair?.stock.hub.running.stop(), pair?.lean.hub.running.stop()]);
  });
  return () => {
    if (pair === undefined) throw new Error("the hubs do not run yet");
    return pair;
  };
}

/** Does the same to both, wants the same of both, and no handler left; returns what it was. */
export async function same<T>(pair: Pair, run: (side: Side) => Promise<T>): Promise<T> {
  const [stock, lean] = await Promise.all([run(pair.stock), run(pair.lean)]);
  expect(lean).toEqual(stock);
  await settled(pair);
  return lean;
}

/** Does the same to both where the lean door means to differ, and does; returns what either was. */
export async function differs<T>(
  pair: Pair,
  delta: (typeof deltas)[number],
  run: (side: Side) => Promise<T>,
): Promise<{ readonly stock: T; readonly lean: T }> {
  const [stock, lean] = await Promise.all([run(pair.stock), run(pair.lean)]);
  if (isDeepStrictEqual(lean, stock)) throw new Error(`no longer a difference: ${delta}`);
  await settled(pair);
  return { stock, lean };
}

/** Until no handler of either hub is under way. */
export async function settled({ stock, lean }: Pair): Promise<void> {
  await soon(() => stock.seen.open === 0 && lean.seen.open === 0);
}

const patienceMs = 60_000;
const againMs = 2;

/** Looks again at once until it holds: there are hundreds of such waits here. */
export async function soon(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`never held: ${String(holds)}`);
    await sleep(againMs);
  }
}

/** Nothing is left of all that was done, and both counted it alike. */
export async function expectLevel(pair: Pair, { figures = true } = {}): Promise<void> {
  await settled(pair);
  await until(async () => {
    const calls = { stock: await pair.stock.calls(), lean: await pair.lean.calls() };
    expect(calls).toEqual({ stock: 0, lean: 0 });
  });
  if (!figures) return;
  await until(async () => expect(await pair.lean.figures()).toEqual(await pair.stock.figures()));
  const refused = ({ hub }: Side) =>
    hub.refusals.map((one) => JSON.stringify(one)).toSorted((a, b) => (a < b ? -1 : 1));
  expect(refused(pair.lean)).toEqual(refused(pair.stock));
  expect(incidentsOf(pair.lean)).toEqual(incidentsOf(pair.stock));
}

/** How often a bug was told as an incident. */
export function incidentsOf({ hub }: Side): number {
  return hub.logLines.filter((line) => line.includes('"incident"')).length;
}

const incident = /inc_[0-9a-hjkmnp-tv-z]{26}/g;

/** Text without what chance put into it. */
export function plain(text: string): string {
  return text.replaceAll(incident, "inc_x");
}
