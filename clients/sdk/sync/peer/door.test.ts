import { create, toBinary } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { ExchangeRequestSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { hourMs, noonMs } from "../../../../tests/support/chain.ts";
import {
  doorOf,
  foreign,
  judge,
  shownBy,
  visitKit,
  type Shown,
} from "../../../../tests/support/peers.door.ts";
import { peer, startMs, time, type TestPeer } from "../../../../tests/support/peers.sync.ts";
import { dial } from "../../wire/dial.ts";
import { readBody } from "./body.ts";
import { exchangePath } from "./counter.ts";
import { openDoor, type Door } from "./door.ts";
import { exchangeRate, messageBytesMax } from "./limits.ts";
import { addressOf, placeOf } from "./place.ts";
import { visit } from "./visit.ts";

beforeEach(() => (time.nowMs = startMs));

const [a, b] = [await shownBy("tenant/main/node/a"), await shownBy("tenant/main/node/b")];
const addressAt = ({ port }: Door) => `127.0.0.1:${port}`;
const never = new AbortController().signal;

function call(from: TestPeer, to: TestPeer, door: Door, own: Shown) {
  const { member } = from.desk.partner(to.membership, to);
  return visit(visitKit(from, own), { address: addressAt(door), member }, never);
}

test("two nodes exchange over TLS what they wrote, in as many rounds as it takes", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  for (let n = 0; n < 300; n += 1) caller.write(`a${n}`);
  called.write("b");
  const door = await doorOf(called, () => b);
  const visited = await call(caller, called, door, a);
  expect(visited).toEqual({ taken: 1, given: 300, problems: [] });
  expect(called.read()).toEqual(caller.read());
});

test.each([
  "127.0.0.1:1",
  "[::ffff:127.0.0.1]:1",
  "localhost:1",
  "169.254.169.254:1",
  "[ff02::1]:1",
])(
  "a node whose hub is elsewhere does not dial %s, whoever says that a peer listens there",
  async (address) => {
    const [caller, called] = [peer("a"), peer("b")];
    const { member } = caller.desk.partner(called.membership, called);
    const visiting = visit(visitKit(caller, a, false), { address, member }, never);
    await expect(visiting).rejects.toMatchObject({ reason: Reason.SYNC_PEER_ADDRESS_REFUSED });
  },
);

test("on the hub's own machine nobody dials an address that leads nowhere either", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  const { member } = caller.desk.partner(called.membership, called);
  const visiting = visit(visitKit(caller, a), { address: "0.0.0.0:1", member }, never);
  await expect(visiting).rejects.toMatchObject({ reason: Reason.SYNC_PEER_ADDRESS_REFUSED });
});

const strangers: Record<string, () => Promise<Shown | undefined>> = {
  "no certificate": () => Promise.resolve(undefined),
  "one of other roots": () => shownBy("tenant/main/node/a", {}, foreign),
  "one of another tenant": () => shownBy("tenant/other/node/a"),
  "a hub's": () => shownBy("hub/one"),
  "one that ended": () => shownBy("tenant/main/node/a", { toMs: noonMs - hourMs / 2 }),
  "one that is yet to begin": () => shownBy("tenant/main/node/a", { fromMs: noonMs + 1_000 }),
};

test.each(Object.entries(strangers))("a caller that shows %s is hung up on", async (_, make) => {
  const called = peer("b");
  called.write("secret");
  const door = await doorOf(called, () => b);
  const own = await make();
  await expect(ask(door, own, requestOf(called))).rejects.toBeInstanceOf(Error);
  // The door serves on.
  expect((await ask(door, a, new Uint8Array())).status).toBe(403);
});

function requestOf({ membership }: TestPeer): Uint8Array {
  return toBinary(ExchangeRequestSchema, create(ExchangeRequestSchema, { membership }));
}

/** Asks with whatever bytes, as nobody of us would. */
async function ask(
  door: Door,
  own: Shown | undefined,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const session = await dial({ address: addressAt(door), own, inspect: () => undefined, world });
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": exchangePath, ...headers });
  const status = new Promise<number>((resolve, reject) => {
    stream.once("response", (said) => resolve(said[":status"] ?? 0));
    stream.once("error", reject).once("close", () => reject(new Error("hung up")));
  });
  status.catch(() => undefined);
  stream.end(body);
  const text = new TextDecoder().decode(await readBody(stream));
  return { status: await status, text };
}

test("a node that shows the membership of another is refused, and learns nothing", async () => {
  const [called, other] = [peer("b"), peer("c")];
  called.write("secret");
  const door = await doorOf(called, () => b);
  const { status, text } = await ask(door, a, requestOf(other));
  expect(status).toBe(403);
  expect(text).toBe("the peer a is not trusted: it shows the membership of c");
});

test("who listens at the address must be the node that the hub told of", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  caller.write("secret");
  for (const wrong of [
    await shownBy("tenant/main/node/m"),
    await shownBy("hub/one"),
    await shownBy("tenant/main/node/b", {}, foreign),
  ]) {
    const door = await doorOf(called, () => wrong);
    await expect(call(caller, called, door, a)).rejects.toMatchObject({
      reason: Reason.SYNC_PEER_NOT_TRUSTED,
    });
  }
  expect(called.read()).toEqual([]);
});

test("nonsense, other paths and too much are refused, and the door serves on", async () => {
  const [caller, called] = [peer("a"), peer("b")];
  const door = await doorOf(called, () => b);
  expect((await ask(door, a, Uint8Array.of(255, 255, 255))).status).toBe(403);
  expect((await ask(door, a, new Uint8Array(), { ":path": "/" })).status).toBe(404);
  expect((await ask(door, a, new Uint8Array(), { ":method": "PUT" })).status).toBe(404);
  const most = await ask(door, a, new Uint8Array(messageBytesMax));
  expect(most.text).not.toContain("it says more than");
  await expect(ask(door, a, new Uint8Array(messageBytesMax + 1))).rejects.toThrow("hung up");
  caller.write("still here");
  expect((await call(caller, called, door, a)).given).toBe(1);
});

test("a node that asks too often is told so, and others are not held up", async () => {
  const [called, other] = [peer("b"), peer("c")];
  const door = await doorOf(called, () => b);
  const session = await dial({ address: addressAt(door), own: a, inspect: () => undefined, world });
  onTestFinished(() => session.destroy());
  const statuses: number[] = [];
  // On a slow machine some of what was spent has come back meanwhile.
  while (statuses.at(-1) !== 429) {
    const stream = session.request({ ":method": "POST", ":path": exchangePath });
    const heard = new Promise<number>((resolve) => {
      stream.once("response", (said) => resolve(said[":status"] ?? 0));
    });
    stream.end(requestOf(called));
    statuses.push(await heard);
    stream.close();
  }
  expect(statuses.length).toBeGreaterThan(exchangeRate.burst);
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([403]));
  const c = await shownBy("tenant/main/node/c");
  expect((await call(other, called, door, c)).problems).toEqual([]);
});

test("a renewed certificate is shown from the next caller on", async () => {
  const called = peer("b");
  let own: Shown | undefined = b;
  const door = await doorOf(called, () => own);
  const shown = async () => {
    let first = "";
    const inspect = (presented: Uint8Array[]) => {
      expect(judge(presented).nodeId).toBe("b");
      first = Buffer.from(presented[0] ?? []).toString("hex");
    };
    (await dial({ address: addressAt(door), own: a, inspect, world })).destroy();
    return first;
  };
  const before = await shown();
  expect(await shown()).toBe(before);
  own = await shownBy("tenant/main/node/b");
  expect(await shown()).not.toBe(before);
});

test("where to listen is a host and a port, and this machine alone unless told otherwise", async () => {
  expect(placeOf("7500")).toEqual({ host: "127.0.0.1", port: 7500 });
  expect(placeOf(":7500")).toEqual({ host: "127.0.0.1", port: 7500 });
  expect(placeOf("[::1]:65535")).toEqual({ host: "::1", port: 65_535 });
  for (const wrong of ["", "host", "host:", "host:65536", "host:x"]) {
    expect(() => placeOf(wrong)).toThrow("it is no host:port");
  }
  expect(addressOf({ host: "::1", port: 0 }, 7500, undefined)).toBe("[::1]:7500");
  expect(addressOf({ host: "0.0.0.0", port: 0 }, 7500, "me.test:1")).toBe("me.test:1");
  expect(() => addressOf({ host: "0.0.0.0", port: 0 }, 7500, undefined)).toThrow(
    "say as `address`",
  );
  const taken = await doorOf(peer("b"), () => b);
  const answer = () => Promise.resolve(new Uint8Array());
  const place = { host: "127.0.0.1", port: taken.port };
  await expect(openDoor({ world, place, own: () => b, judge, answer })).rejects.toMatchObject({
    reason: Reason.SYNC_PEERS_NOT_SERVED,
  });
});
