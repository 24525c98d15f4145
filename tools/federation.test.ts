import { rmSync } from "node:fs";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { watchNodes } from "@foedus/sdk/node/watch.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDataFolder } from "../tests/support/folder.ts";
import { type Federation, startFederation } from "./federation.ts";

const onlineMs = 120_000;
const hubFlags = ["--heartbeat-ms", "400", "--lease-ms", "1500"];
let folder: string;
let federation: Federation | undefined;

beforeEach(() => (folder = makeDataFolder("federation")));
afterEach(async () => {
  await federation?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function idOf(one: Federation, name: string): Promise<string | undefined> {
  return (await one.session().as(NodeService).getNode({ node: name })).node?.id;
}

async function untilOffline(one: Federation, name: string): Promise<void> {
  const client = one.session().as(NodeService);
  for await (const seen of watchNodes({ world: realWorld, client })) {
    const nodes = seen.kind === "nodes" ? seen.nodes : seen.kind === "changed" ? [seen.node] : [];
    if (nodes.some((node) => node.name === name && node.state === NodeState.OFFLINE)) return;
  }
}

test(
  "three instances stay the nodes they are, whatever is killed and started again",
  { timeout: 300_000 },
  async () => {
    const late = () => AbortSignal.timeout(onlineMs);
    federation = await startFederation({ data: folder, ports: "auto", hubFlags });
    await federation.online(late());
    const ids = await Promise.all(federation.instances.map((name) => idOf(must(), name)));
    expect(new Set(ids).size).toBe(3);

    await federation.killInstance("web");
    await untilOffline(federation, "web");
    await federation.startInstance("web");
    await federation.online(late());

    await federation.killHub();
    await federation.restartHub();
    await federation.online(late());

    await federation.stop();
    federation = await startFederation({ data: folder, ports: "auto", hubFlags });
    await federation.online(late());
    const same = await Promise.all(federation.instances.map((name) => idOf(must(), name)));
    expect(same).toEqual(ids);
  },
);

test("a folder that another federation holds is refused, and says by whom", async () => {
  federation = await startFederation({ data: folder, ports: "auto" });
  const second = startFederation({ data: folder, ports: "auto" });
  await expect(second).rejects.toThrow(/held by process \d+ .*DATA_FOLDER_HELD/s);
});

function must(): Federation {
  if (federation === undefined) throw new Error("the federation runs");
  return federation;
}
