// Frames that end too soon, and sockets that are cut amid one: each has a name or is simply gone,
// and what was not acknowledged is sent again and counts once.
import { once } from "node:events";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { create, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { Kind } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { SessionRequestSchema } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { encodeOp } from "@foedus/kernel/sync/op.ts";
import { newReplica } from "@foedus/kernel/sync/replica.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { readMembership } from "../../clients/sdk/membership/membership.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { folderStore } from "../../clients/sdk/store/folder.ts";
import { dial } from "../../clients/sdk/wire/dial.ts";
import { enveloped, protocols } from "../bench/drive.ts";
import { benchStream, BenchSession } from "../bench/sync-session.ts";
import { startTestHub, type TestHub } from "../support/federated.ts";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub(["--publish-rate", "1000000", "--stream-rate", "1000000"]);
});
afterAll(() => hub.stop());

const path = "/foedus.sync.v1.SyncService/Session";
const envelopeBytes = 5;
const opsCount = 20;

/** A node that joined, and a connection with its certificate. */
async function joined(name: string) {
  const folder = await hub.join(name);
  const connect = async () => {
    const membership = await readMembership(folderStore(folder));
    if (membership === undefined) throw new Error("it did not join");
    const { admission, chain = "", tlsKey: key } = membership;
    const own = { chain, key };
    const address = admission.nodeAddress;
    const session = await dial({ address, own, inspect: () => {}, world: realWorld });
    onTestFinished(() => session.destroy());
    return session.on("error", () => undefined);
  };
  return { folder, connect };
}

function saying(session: ClientHttp2Session): ClientHttp2Stream {
  const request = session.request({ ...protocols.grpc, ":method": "POST", ":path": path });
  return request.on("error", () => undefined).resume();
}

type Request = MessageInitShape<typeof SessionRequestSchema>["said"];

function bytesOf(said: Request): Uint8Array {
  return toBinary(SessionRequestSchema, create(SessionRequestSchema, { said }));
}

function opening(replica: string): Uint8Array {
  const open = { protocolMin: 1, protocolMax: 1, replica };
  return enveloped(bytesOf({ case: "open", value: open }));
}

const stream = benchStream("truncated");

/** Adds one to a counter, so many times. */
const amounts = Array.from({ length: opsCount }, () =>
  encodeOp({ kind: Kind.COUNTER, record: "sums", field: "all", amount: 1, hlcMs: 1 }),
);

function pushing(replica: string): Uint8Array[] {
  const hello = { case: "hello" as const, value: { stream, replica, creditBytes: 0 } };
  const push = { case: "push" as const, value: { stream, replica, ctrFrom: 1, ops: amounts } };
  return [hello, push].map((frame) => enveloped(bytesOf({ case: "frame", value: { frame } })));
}

/** How the hub ended a session: the status of gRPC, and its words. */
async function ending(request: ClientHttp2Stream): Promise<string> {
  const [trailers] = (await once(request, "trailers")) as [IncomingHttpHeaders];
  const { "grpc-status": status, "grpc-message": message } = trailers;
  return `${String(status)} ${decodeURIComponent(String(message))}`;
}

/** The counter as the SDK shows it. */
async function sumSeen(folder: string): Promise<number | undefined> {
  await using node = await openNode(folder);
  const notes = await node.collection("truncated", { lane: 1 });
  await expect.poll(() => notes.status().mode).toBe("LIVE");
  return notes.get("sums")?.counts["all"];
}

const tooLong = Buffer.alloc(envelopeBytes);
tooLong.writeUInt32BE(0x7fffffff, 1);

test.each([
  [
    "a frame that ends amid its bytes",
    enveloped(new Uint8Array(1_000)).subarray(0, 500),
    "3 the request is not valid",
  ],
  ["an envelope that ends amid its length", new Uint8Array(3), "3 the request is not valid"],
  [
    "bytes that are no frame",
    enveloped(Uint8Array.of(18, 200, 1, 7)),
    "3 the request is not valid",
  ],
  ["an envelope of two gigabytes", tooLong, "8 the message is over its limit"],
])("%s ends the session by name, and the hub goes on", async (_what, bytes, words) => {
  const { connect } = await joined(`cut-${bytes.length}`);
  const session = await connect();
  const request = saying(session);
  const ended = ending(request);
  request.write(opening(newReplica(realWorld)));
  await once(request, "response");
  request.end(bytes);
  expect(await ended).toContain(words);
  session.destroy();
  const again = new BenchSession(await connect(), benchStream(`after-${bytes.length}`));
  await again.resumed();
  await again.push(amounts);
  again.close();
});

test("a push whose socket is cut amid it is not taken, and counts once when it comes again", async () => {
  const { connect, folder } = await joined("amid");
  const replica = newReplica(realWorld);
  const [hello = new Uint8Array(), push = new Uint8Array()] = pushing(replica);
  const session = await connect();
  const request = saying(session);
  request.write(opening(replica));
  await once(request, "response");
  request.write(hello);
  const cut = once(session, "close");
  request.write(push.subarray(0, push.length / 2), () => session.destroy());
  await cut;

  const again = new BenchSession(await connect(), stream, { replica });
  await again.resumed();
  await again.push(amounts);
  again.close();
  expect(await sumSeen(folder)).toBe(opsCount);
});

test("a push whose acknowledgement is lost counts once when it comes again", async () => {
  const before = (await sumSeen((await joined("looks")).folder)) ?? 0;
  const { connect, folder } = await joined("unheard");
  const replica = newReplica(realWorld);
  for (let time = 0; time < 5; time++) {
    const session = await connect();
    const request = saying(session);
    request.write(opening(replica));
    await once(request, "response");
    const cut = once(session, "close");
    request.write(Buffer.concat(pushing(replica)), () => session.destroy());
    await cut;
  }
  const again = new BenchSession(await connect(), stream, { replica });
  await again.resumed();
  await again.push(amounts);
  again.close();
  expect(await sumSeen(folder)).toBe(before + opsCount);
});
