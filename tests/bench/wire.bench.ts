// B1 and B2: what the hub adds to raw HTTP/2, in CPU of the server's process.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  SubscribeRequestSchema,
  SubscribeResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { connect as connectHttp2, type ClientHttp2Session } from "node:http2";
import { makeAuthority } from "../support/authority.ts";
import type { Bench } from "./context.ts";
import { ask, drink, enveloped, protocols, repeat, type Ask } from "./drive.ts";
import { joinNodes } from "./federation.ts";
import { startFloor, type Floor } from "./floor.ts";
import { publishEvents } from "./publish.bench.ts";
import type { Subject } from "./rounds.ts";

const lines = 32;
const bundle = "/foedus.identity.v1.IdentityService/GetTrustBundle";
const subscribe = "/foedus.event.v1.EventService/Subscribe";
const eventBytes = 256;

/** The floors' processes, and a connection to each. */
async function floors() {
  const authority = await makeAuthority("bench");
  const server = await authority.issue({ hosts: ["localhost"] });
  const client = await authority.issue({ uris: ["spiffe://bench/client"] });
  const open = async (name: "h2" | "grpc") => {
    const floor = await startFloor(name, server);
    const { key, chain, roots } = client;
    const options = { key, cert: chain, ca: [...roots], servername: "localhost" };
    return { floor, session: connectHttp2(`https://127.0.0.1:${floor.port}`, options) };
  };
  return { h2: await open("h2"), grpc: await open("grpc") };
}

type Opened = { readonly floor: Floor; readonly session: ClientHttp2Session };

function close(...opened: Opened[]): void {
  for (const { floor, session } of opened) {
    session.destroy();
    floor.stop();
  }
}

const wish = (count: number, size: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(count);
  bytes.writeUInt32BE(size, 4);
  return enveloped(bytes);
};

/** One small request and answer, again and again. */
export const unary: Bench = {
  title: "B1: unary rpc with all guards",
  what: "`GetTrustBundle` on the node listener, mutual TLS, 32 at once over one connection",
  target: "server CPU at most 2.0 times raw HTTP/2",
  async run(context) {
    const { h2, grpc } = await floors();
    const [node] = await joinNodes(context.federation, "unary", 1);
    if (node === undefined) throw new Error("no node");
    const pid = context.federation.hub.child.pid ?? 0;
    const plain: Ask = { path: bundle, headers: protocols.connect, body: new Uint8Array(0) };
    const size = (await ask(node.session, plain)).length;
    const turn = (session: ClientHttp2Session, request: Ask, own: number) => () =>
      repeat(() => ask(session, request), { lines, ms: context.turnMs, pids: [own] });
    const subjects: Subject[] = [
      {
        name: "raw HTTP/2",
        turn: turn(
          h2.session,
          { path: `/unary/1/${size}`, headers: {}, body: Buffer.alloc(1) },
          h2.floor.pid,
        ),
      },
      {
        name: "grpc-js",
        floor: "raw HTTP/2",
        turn: turn(
          grpc.session,
          { path: "/floor/unary", headers: protocols.grpc, body: wish(1, size) },
          grpc.floor.pid,
        ),
      },
      { name: "hub, Connect", floor: "raw HTTP/2", turn: turn(node.session, plain, pid) },
      {
        name: "hub, gRPC",
        floor: "raw HTTP/2",
        turn: turn(
          node.session,
          { path: bundle, headers: protocols.grpc, body: enveloped(new Uint8Array(0)) },
          pid,
        ),
      },
    ];
    try {
      return await context.measure(subjects);
    } finally {
      close(h2, grpc);
      node.session.destroy();
    }
  },
};

/** A long answer: the log replayed from its beginning. */
export const stream: Bench = {
  title: "B2: messages of a stream",
  what: `events of about ${eventBytes} bytes replayed by \`Subscribe\` from the log in PostgreSQL`,
  target: "server CPU a message at most 3 times raw HTTP/2",
  async run(context) {
    const { h2, grpc } = await floors();
    const [node] = await joinNodes(context.federation, "stream", 1);
    if (node === undefined) throw new Error("no node");
    const count = context.small ? 4_000 : 40_000;
    await publishEvents(node, "replayed", count, eventBytes);
    const pid = context.federation.hub.child.pid ?? 0;
    const request = create(SubscribeRequestSchema, {
      afterCursor: 0n,
      untilHead: true,
      sources: [node.membership.admission.spiffeId],
    });
    const body = enveloped(toBinary(SubscribeRequestSchema, request));
    const whole = { path: subscribe, headers: protocols.grpc, body };
    const told = eventsIn(await ask(node.session, whole));
    if (told < count) throw new Error(`${told} of ${count} events were told`);
    const turn = (session: ClientHttp2Session, what: Ask, own: number) => async () => {
      const act = () => drink(session, what);
      const done = await repeat(act, { lines: 1, ms: context.turnMs, pids: [own] });
      return { ...done, operations: done.operations * count };
    };
    const raw = { path: `/stream/${count}/${eventBytes}`, headers: {}, body: Buffer.alloc(1) };
    const floor = { path: "/floor/stream", headers: protocols.grpc, body: wish(count, eventBytes) };
    try {
      return await context.measure([
        { name: "raw HTTP/2", turn: turn(h2.session, raw, h2.floor.pid) },
        { name: "grpc-js", floor: "raw HTTP/2", turn: turn(grpc.session, floor, grpc.floor.pid) },
        { name: "hub, gRPC", floor: "raw HTTP/2", turn: turn(node.session, whole, pid) },
      ]);
    } finally {
      close(h2, grpc);
      node.session.destroy();
    }
  },
};

/** How many events an answer of gRPC tells. */
function eventsIn(answer: Buffer): number {
  let events = 0;
  for (let at = 0; at < answer.length;) {
    const length = answer.readUInt32BE(at + 1);
    const message = answer.subarray(at + 5, at + 5 + length);
    const { item } = fromBinary(SubscribeResponseSchema, message);
    if (item.case === "delivery") events += item.value.events.length;
    at += 5 + length;
  }
  return events;
}
