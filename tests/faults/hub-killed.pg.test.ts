import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase } from "../support/database.ts";
import { samePorts, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { compare, isGapFree, joinedNode, startLoad, wholeLog } from "./load.ts";

const kills = 20;
const readyMsMax = 3_000;
const flags = ["--publish-rate", "1000000", "--drain-ms", "500"];

let folder = "";
let hub: HubProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-killed-"));
});
afterAll(async () => {
  await hub.kill();
  await rm(folder, { recursive: true, force: true });
});

describe("a hub that is killed under load", () => {
  it(`loses nothing it acknowledged in ${kills} kills, and is ready in ${readyMsMax} ms`, async () => {
    const { url } = await cloneDatabase();
    hub = await startHubProcess({ data: folder, url, flags });
    const nodes = await Promise.all(["a", "b"].map((name) => joinedNode(hub.ready, folder, name)));
    const loads = nodes.map(startLoad);
    const times: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await Promise.all(loads.map((load) => load.more(50 + ((kill * 37) % 150))));
      await hub.kill();
      hub = await startHubProcess({
        data: folder,
        url,
        flags: [...flags, ...samePorts(hub.ready)],
      });
      times.push(hub.readyMs);
    }
    await Promise.all(loads.map((load) => load.more(100)));
    await Promise.all(loads.map((load) => load.stop()));
    const log = await wholeLog(hub.ready, folder);
    for (const [at, node] of nodes.entries()) {
      const load = loads[at];
      if (load === undefined) throw new Error("a node has no load");
      expect(load.acknowledged.size).toBeGreaterThan(kills * 50);
      expect(compare(log, node, load)).toEqual({ lost: 0, doubled: 0, changed: 0 });
    }
    expect(isGapFree(log)).toBe(true);
    // The median: the machine that runs the suite does other things at the same time.
    expect(times.toSorted((a, b) => a - b)[kills / 2]).toBeLessThan(readyMsMax);
    await Promise.all(nodes.map((node) => node.close()));
  }, 400_000);
});
