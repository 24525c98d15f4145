import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloneDatabase } from "../support/database.ts";
import { samePorts, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { compare, hasty, isGapFree, joinedNode, startLoad, wholeLog } from "./load.ts";

const kills = 20;
const readyMsMax = 3_000;
/** So many times what its code takes to load: on a machine where that alone takes a second. */
const loadsMax = 5;
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

/** How long a hub takes that loads its code, and is refused at its first flag. */
async function loadedMs(): Promise<number> {
  const startMs = performance.now();
  const refused = startHubProcess({ data: folder, flags: ["--web-port", "many"] });
  await expect(refused).rejects.toThrow("CONFIG_INVALID");
  return performance.now() - startMs;
}

describe("a hub that is killed under load", () => {
  it(`loses nothing it acknowledged in ${kills} kills, and is ready in ${readyMsMax} ms`, async () => {
    const { url } = await cloneDatabase();
    hub = await startHubProcess({ data: folder, url, flags });
    const nodes = await Promise.all(
      ["a", "b"].map((name) => joinedNode(hub.ready, folder, name, hasty)),
    );
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
    // The median, beside a process that only loads its code: the machine does other things too.
    const [median = 0] = times.toSorted((a, b) => a - b).slice(kills / 2);
    const loadMs = await loadedMs();
    process.stderr.write(`ready in ${Math.round(median)} ms, loaded in ${Math.round(loadMs)} ms\n`);
    expect(median).toBeLessThan(Math.max(readyMsMax, loadMs * loadsMax));
    await Promise.all(nodes.map((node) => node.close()));
  }, 600_000);
});
