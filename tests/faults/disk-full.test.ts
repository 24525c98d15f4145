import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { TelemetrySyncSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema, type Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { signingKeyFromPem, type SigningKey } from "@foedus/kernel/signing.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorOf } from "../../clients/sdk/error.wire.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { choosePlace } from "../../server/runtime/storage/bundled.place.ts";
import { readPostmaster } from "../../server/runtime/storage/bundled.process.ts";
import { makeDataFolder } from "../support/folder.ts";
import { startHubProcess, type HubProcess } from "../support/hub.process.ts";
import { joinedNode, wholeLog } from "./load.ts";

/** No file of the server may grow beyond this; its write-ahead log has files of 16 MiB. */
const fileBytesMax = 20 * 2 ** 20;
const batchEvents = 16;
const payloadBytes = 60_000;
const batchesMax = 200;

let folder = "";
let hub: HubProcess;
beforeAll(() => {
  folder = makeDataFolder("full");
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a disk that is full", () => {
  it("is told as such, loses nothing, and goes on by itself once there is room", async () => {
    hub = await startHubProcess({ data: folder, flags: ["--publish-rate", "1000000"] });
    const node = await joinedNode(hub.ready, folder, "filler");
    const key = signingKeyFromPem(
      readFileSync(join(folder, "nodes", "filler", "identity.pem"), "utf8"),
    );
    limitFiles(String(fileBytesMax));
    let stored = 0;
    let refused: unknown;
    let sequence = 1;
    for (; refused === undefined && stored < batchesMax; sequence += batchEvents) {
      const batch = bigBatch(node, key, sequence);
      await publish(node, batch).then(
        () => stored++,
        (error: unknown) => (refused = error),
      );
    }
    expect(errorOf(refused)).toMatchObject({ reason: Reason.DISK_FULL });
    expect(errorOf(refused).fix).toContain("free or add space");
    expect(await bigEvents()).toBe(stored * batchEvents);

    limitFiles("unlimited");
    await publish(node, bigBatch(node, key, sequence - batchEvents));
    expect(await bigEvents()).toBe((stored + 1) * batchEvents);
    await node.close();
  });
});

async function publish(node: FoedusNode, batch: Batch): Promise<void> {
  await node.client(EventService).publish({ batch });
}

/** Telemetry that does not compress, on a line of its own. */
function bigBatch(node: FoedusNode, key: SigningKey, first: number): Batch {
  const topic = randomBytes(payloadBytes / 2).toString("hex");
  const payload = toBinary(
    TelemetrySyncSchema,
    create(TelemetrySyncSchema, { priorities: [{ topic, weight: 1, confidence: 1 }] }),
  );
  const events = Array.from({ length: batchEvents }, (_, at) =>
    create(EventSchema, {
      type: "telemetry_sync",
      source: node.spiffeId,
      subject: `big-${at}`,
      timeMs: BigInt(node.hubNow()),
      stream: "big",
      epoch: 1n,
      sequence: BigInt(first + at),
      payload,
    }),
  );
  return signBatch(key, events);
}

async function bigEvents(): Promise<number> {
  const log = await wholeLog(hub.ready, folder);
  return log.filter(({ event }) => event.length > payloadBytes).length;
}

/** Bounds the files of the server and of each process it starts, as a quota would. */
function limitFiles(bytes: string): void {
  const { root } = choosePlace(join(folder, "postgres"), () => undefined);
  const postmaster = readPostmaster(join(root, "data"))?.pid;
  if (postmaster === undefined) throw new Error(`no server runs in ${root}`);
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    // As the server's own user, who may bound what is its own without further rights.
    const { uid, gid } = statSync(`/proc/${pid}`);
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`], { uid, gid });
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => parentOf(pid) === parent)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return Number(fields?.[1]);
  } catch {
    return undefined; // It ended while we looked.
  }
}
