import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choosePlace } from "../../server/runtime/storage/bundled.place.ts";
import { readPostmaster } from "../../server/runtime/storage/bundled.process.ts";
import { makeDataFolder } from "../support/folder.ts";
import { startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { compare, isGapFree, joinedNode, startLoad, wholeLog } from "./load.ts";

const kills = 5;

let folder = "";
let hub: HubProcess;
beforeAll(() => {
  folder = makeDataFolder("killed");
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a bundled PostgreSQL that is killed under load", () => {
  it(`comes back by itself ${kills} times, and nothing acknowledged is lost`, async () => {
    hub = await startHubProcess({ data: folder, flags: ["--publish-rate", "1000000"] });
    const node = await joinedNode(hub.ready, folder, "steady");
    const load = startLoad(node);
    for (let kill = 0; kill < kills; kill++) {
      await load.more(200);
      killPostmaster();
      await load.more(200);
    }
    await load.stop();
    const log = await wholeLog(hub.ready, folder);
    expect(compare(log, node, load)).toEqual({ lost: 0, doubled: 0, changed: 0 });
    expect(isGapFree(log)).toBe(true);
    expect(hub.child.exitCode).toBe(null);
    await node.close();
  });
});

/** Ends the server of this test's own hub as a crash would. */
function killPostmaster(): void {
  const { root } = choosePlace(join(folder, "postgres"), () => undefined);
  const found = readPostmaster(join(root, "data"));
  if (found === undefined) throw new Error(`no server runs in ${root}`);
  process.kill(found.pid, "SIGKILL");
}
