import { chmodSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backup, restore, type BackupWish } from "../../server/backup.ts";
import { samePorts, startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { isGapFree, joinedNode, startLoad, wholeLog } from "./load.ts";

const flags = ["--publish-rate", "1000000", "--drain-ms", "500"];
let folder = "";
const hubs: HubProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "foedus-restored-"));
  // PostgreSQL's user must be able to come in, else its files go elsewhere.
  chmodSync(folder, 0o711);
});

afterAll(async () => {
  for (const hub of hubs) await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(data: string, ...more: string[]): Promise<HubProcess> {
  const hub = await startHubProcess({ data, flags: [...flags, ...more] });
  hubs.push(hub);
  return hub;
}

function wishFor(data: string): BackupWish {
  const sources = { flags: { data }, environment: {}, file: undefined };
  return {
    sources,
    file: join(folder, "hub.backup"),
    passphrase: "a passphrase",
    world: realWorld,
  };
}

test("a hub under load is backed up, lost and restored elsewhere, and its nodes go on", async () => {
  const [data, place] = [join(folder, "data"), join(folder, "place")];
  const first = await start(data);
  const node = await joinedNode(first.ready, data, "a");
  const load = startLoad(node);
  await load.more(300);
  const before = new Set(load.acknowledged.keys());
  const written = await backup(wishFor(data));
  await load.more(50);
  await expect(restore(wishFor(data))).rejects.toMatchObject({ reason: Reason.DATA_FOLDER_HELD });
  await first.stop();
  await expect(restore(wishFor(data))).rejects.toMatchObject({ reason: Reason.RESTORE_NOT_EMPTY });

  expect(await restore(wishFor(place))).toEqual(written);
  const second = await start(place, ...samePorts(first.ready));
  const reached = new Set(load.acknowledged.keys());
  await load.more(300);
  await load.stop();
  const after = [...load.acknowledged.keys()].filter((id) => !reached.has(id));
  expect(second.ready.invitation).toBe(first.ready.invitation);

  const log = await wholeLog(second.ready, place);
  const stored = new Set(
    log.map(({ event }) => {
      const { stream, epoch, sequence } = fromBinary(EventSchema, event);
      return `${stream}/${epoch}/${sequence}`;
    }),
  );
  expect([...before, ...after].filter((id) => !stored.has(id))).toEqual([]);
  expect(isGapFree(log)).toBe(true);
  await node.close();
});

test("a hub that does not run is backed up too, and one that is not there is not", async () => {
  const data = join(folder, "stopped");
  const none = backup(wishFor(data));
  await expect(none).rejects.toMatchObject({ reason: Reason.NOT_FOUND });
  await (await start(data)).stop();
  expect((await backup(wishFor(data))).files).toBeGreaterThan(1);
});
