// Two hubs, one below the other, with databases of their own; nodes that write all the while; and
// kills and cuts at random moments. FOEDUS_STORM_SECONDS makes it longer, FOEDUS_STORM_SEED repeats
// its order of faults.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { makeDataFolder } from "../support/folder.ts";
import {
  heldBy,
  missingIn,
  startForgetful,
  startWriter,
  type Forgetful,
  type Writer,
} from "./sync.load.ts";
import { collection, letRelay, startTreeHub, type TreeHub } from "./sync.tree.ts";

const stormMs = 1_000 * Number(process.env.FOEDUS_STORM_SECONDS ?? "10");
const healMsMax = 180_000;
const testMs = stormMs + 600_000;
const pauseMsMax = 900;
const tornBytesMax = 20_000;

const seedsMax = 1_000_000;

/** Chance that can be repeated. */
function chanceOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const faults: Record<string, (hub: TreeHub, ms: number) => Promise<void>> = {
  async "hub killed"(hub) {
    await hub.kill();
    await hub.restart();
  },
  async "database killed"(hub) {
    hub.killDatabase();
  },
  async "line cut"(hub, ms) {
    hub.line.shut();
    await realWorld.timers.sleep(ms);
    hub.line.open();
  },
  async "line torn"(hub, ms) {
    hub.line.tear(ms * (tornBytesMax / pauseMsMax));
    await realWorld.timers.sleep(ms);
    hub.line.open();
  },
};

test(
  "nothing that was acknowledged is lost, nothing counts twice, and all come to hold the same",
  async () => {
    const seed = Number(process.env.FOEDUS_STORM_SEED ?? realWorld.clock.now() % seedsMax);
    process.stderr.write(`${collection}: seed ${seed}\n`);
    const folder = makeDataFolder("storm");
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const hubs = await startTree(folder);
    const [above, below] = hubs;
    const writers = await Promise.all([
      startWriter(await above.node("ann")),
      startWriter(await below.node("bob")),
      startWriter(await below.node("cid")),
    ]);
    const forgetful = [
      startForgetful(await above.node("dot")),
      startForgetful(await below.node("eve")),
    ];

    await Promise.all(forgetful.map(({ first }) => first));

    const seen = await storm(hubs, chanceOf(seed));
    const healMs = await healed(hubs, writers, forgetful);
    tell(seen, healMs, [...writers, ...forgetful]);

    for (const { forgotten } of forgetful) expect(forgotten).toEqual([]);
    const sum = [...writers, ...forgetful].reduce((all, { added }) => all + added(), 0);
    for (const { notes } of writers) {
      expect(notes.get("sums")?.counts["all"]).toBe(sum);
      expect(notes.quarantine()).toEqual([]);
      for (const { rows } of [...writers, ...forgetful]) {
        expect(rows.size).toBeGreaterThan(0);
        expect(missingIn(notes, rows)).toEqual([]);
      }
    }
    for (const hub of hubs) expect((await hub.counted()).sound).toBe(true);
  },
  testMs,
);

async function startTree(folder: string): Promise<[TreeHub, TreeHub]> {
  const above = await startTreeHub(folder, "above");
  const { secret } = await above.session().token("below");
  const token = join(folder, "below.token");
  writeFileSync(token, secret);
  const parent = ["--parent", above.invitation, "--parent-token-file", token];
  const below = await startTreeHub(folder, "below", parent);
  await letRelay(above, "below");
  return [above, below];
}

/** One fault after the other, sometimes of both hubs at once. */
async function storm(hubs: readonly TreeHub[], chance: (below: number) => number) {
  const seen = new Map<string, number>();
  const names = Object.keys(faults);
  const endMs = realWorld.clock.monotonic() + stormMs;
  while (realWorld.clock.monotonic() < endMs) {
    const struck = chance(4) === 0 ? hubs : [hubs[chance(hubs.length)] as TreeHub];
    const strikes = struck.map(async (hub) => {
      const name = names[chance(names.length)] ?? "";
      seen.set(name, (seen.get(name) ?? 0) + 1);
      await faults[name]?.(hub, chance(pauseMsMax));
    });
    await Promise.all(strikes);
    await realWorld.timers.sleep(chance(pauseMsMax));
  }
  return seen;
}

/** Nobody writes any more; how long until hubs and replicas hold the same. */
async function healed(
  hubs: readonly TreeHub[],
  writers: readonly Writer[],
  forgetful: readonly Forgetful[],
): Promise<number> {
  await Promise.all([...writers, ...forgetful].map((one) => one.stop()));
  const sinceMs = realWorld.clock.monotonic();
  const look = async () => {
    const counted = await Promise.all(hubs.map((hub) => hub.counted()));
    const replicas = await Promise.all(writers.map(heldBy));
    const held = [
      ...counted.map(({ status }) => ({ cells: status?.cells, sum: status?.digest })),
      ...replicas,
    ];
    const states = writers.map(({ notes, node }) => {
      const { mode, outboxOps, quarantined } = notes.status();
      const { waiting } = node.status();
      return { mode, outboxOps, quarantined, waiting: waiting?.reason };
    });
    const calm = { mode: "LIVE", outboxOps: 0, quarantined: 0, waiting: undefined };
    expect({ held, states }).toEqual({
      held: held.map(() => held[0]),
      states: states.map(() => calm),
    });
  };
  await vi.waitFor(look, { timeout: healMsMax, interval: 50 });
  return realWorld.clock.monotonic() - sinceMs;
}

function tell(
  seen: ReadonlyMap<string, number>,
  healMs: number,
  authors: readonly (Writer | Forgetful)[],
): void {
  const faultText = [...seen].map(([name, count]) => `${count} ${name}`).join(", ");
  const rows = authors.reduce((all, one) => all + one.rows.size, 0);
  const equal = `${rows} rows, equal ${Math.round(healMs)} ms after the last`;
  process.stderr.write(`${collection}: ${faultText}; ${equal}\n`);
}
