import { once } from "node:events";
import type { ClientHttp2Session, Http2Server, ServerHttp2Stream } from "node:http2";
import { connect, constants, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { createClient } from "@connectrpc/connect";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { transportOver } from "./transport.ts";

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

let server: Http2Server;
let sessions: ClientHttp2Session[];
/** What becomes of the calls to come; those after them are answered. */
let fates: ((stream: ServerHttp2Stream) => void)[];
let answered: number;
beforeEach(async () => {
  [sessions, fates, answered] = [[], [], 0];
  server = createServer().listen(0, "127.0.0.1");
  server.on("stream", (stream) => {
    stream.on("error", () => undefined);
    const answer = (one: ServerHttp2Stream) => {
      answered += 1;
      one.respond({ ":status": 200, "content-type": "application/proto" });
      one.end();
    };
    (fates.shift() ?? answer)(stream);
  });
  await once(server, "listening");
});
afterEach(() => {
  for (const one of sessions) one.destroy();
  server.close();
});

async function dialled(): Promise<ClientHttp2Session> {
  const { port } = server.address() as AddressInfo;
  const session = connect(`http://127.0.0.1:${port}`).on("error", () => undefined);
  sessions.push(session);
  await once(session, "remoteSettings");
  return session;
}

const call = (source: () => Promise<ClientHttp2Session>) =>
  createClient(NodeService, transportOver(source)).listNodes({});

const refuse = (stream: ServerHttp2Stream) => stream.close(NGHTTP2_REFUSED_STREAM);
const breakOff = (stream: ServerHttp2Stream) => stream.close(NGHTTP2_INTERNAL_ERROR);

test("a call that the hub did not take goes over the next connection", async () => {
  fates = [refuse];
  await call(dialled);
  expect([sessions.length, answered]).toEqual([2, 1]);
});

test.each(["close", "destroy"] as const)(
  "a call never leaves by a session after %s",
  async (end) => {
    const over = await dialled();
    const rest = over.request({ ":path": "/" }).on("error", () => undefined);
    over[end]();
    const source = [over];
    await call(async () => source.shift() ?? (await dialled()));
    expect(sessions.length).toBe(2);
    rest.close();
  },
);

test("what no connection takes is told after three", async () => {
  fates = Array.from({ length: 9 }, () => refuse);
  await expect(call(dialled)).rejects.toThrow("REFUSED_STREAM");
  expect(sessions.length).toBe(3);
});

test("a session that is over and has no successor is told, not asked for ever", async () => {
  const over = await dialled();
  over.destroy();
  await expect(call(() => Promise.resolve(over))).rejects.toThrow("destroyed");
});

test("a call that the hub may have begun is not sent again", async () => {
  fates = [breakOff];
  await expect(call(dialled)).rejects.toThrow("INTERNAL_ERROR");
  expect([sessions.length, answered]).toEqual([1, 0]);
});
