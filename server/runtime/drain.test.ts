import { connect } from "node:net";
import { ConnectError, createClient } from "@connectrpc/connect";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { expect, test } from "vitest";
import { column } from "../../tests/support/column.ts";
import { frame, frameOf, headerBlock, rawSession } from "../../tests/support/frames.ts";
import { nodeUri, ownerSecret, startBareHub } from "../../tests/support/hub.bare.ts";
import { nodeTransport, webTransport } from "../../tests/support/wire.ts";
import { slowTimes, until } from "../../tests/support/until.ts";

const path = "/foedus.hub.v1.HubService/GetStatus";
const headers = { authorization: `Bearer ${ownerSecret}`, "content-type": "application/json" };

const headersEnded = 4;
const bodyEnded = 1;

/** A hub whose GetStatus answers when it is told to. */
async function startSlow(values: Record<string, string> = {}) {
  const answer = Promise.withResolvers<object>();
  const begun = Promise.withResolvers<void>();
  const slow = column(HubService, {
    getStatus() {
      begun.resolve();
      return answer.promise;
    },
  });
  const hub = await startBareHub({ capabilities: [slow], values: { drain_ms: "5000", ...values } });
  return { hub, begun: begun.promise, finish: () => answer.resolve({ status: { version: "1" } }) };
}

test("a call under way is finished, and only then does the hub stop", async () => {
  const { hub, begun, finish } = await startSlow();
  const answer = createClient(HubService, webTransport(hub, { httpVersion: "2" })).getStatus({});
  await begun;
  let stopped = false;
  const stopping = hub.running.stop().then(() => (stopped = true));
  await until(() => expect(hub.running.status().draining).toBe(true));
  expect(stopped).toBe(false);
  finish();
  expect((await answer).status?.version).toBe("1");
  await stopping;
});

test("a hub that cut a node a moment ago stops as any other", async () => {
  const { hub, finish } = await startSlow();
  finish();
  const client = createClient(HubService, await nodeTransport(hub, "node_1"));
  await client.getStatus({}).catch(() => undefined);
  expect(hub.hub.sessions.cut(nodeUri("node_1"))).toBe(1);
  await hub.running.stop();
});

test("every session is told to go elsewhere, with the last call that is still answered", async () => {
  const { hub, begun, finish } = await startSlow();
  const raw = await rawSession(hub.web, { answers: true });
  const pseudo = { ":method": "POST", ":scheme": "http", ":authority": "localhost", ":path": path };
  const head = headerBlock({ ...pseudo, ...headers });
  const call = (stream: number) => {
    raw.socket.write(frameOf(frame.headers, headersEnded, stream, head));
    raw.socket.write(frameOf(frame.data, bodyEnded, stream, Buffer.from("{}")));
  };
  call(1);
  await begun;
  const stopping = hub.running.stop();
  await until(() => expect(raw.payloads(frame.goAway)).toHaveLength(1));
  call(3);
  finish();
  await stopping;
  // Stream 3 was on its way: the client learns that it was not looked at, and calls elsewhere.
  expect(raw.payloads(frame.goAway)[0]?.readUInt32BE(0)).toBe(1);
  expect(raw.payloads(frame.headers)).toHaveLength(1);
  expect(raw.payloads(frame.data).join("")).toContain('"version":"1"');
});

test("a call that comes on an open connection is refused, and told when to come back", async () => {
  const { hub, begun, finish } = await startSlow();
  const { hostname, port } = new URL(hub.web);
  const socket = connect(Number(port), hostname);
  let told = "";
  socket.on("data", (chunk: Buffer) => (told += chunk.toString()));
  socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await until(() => expect(told).toContain("ok\n"));
  const first = createClient(HubService, webTransport(hub)).getStatus({});
  await begun;
  const stopping = hub.running.stop();
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const host = "Host: localhost\r\nContent-Length: 2\r\n";
  socket.write(`POST ${path} HTTP/1.1\r\n${host}${fields.join("")}\r\n{}`);
  await until(() => expect(told).toContain('"reason":"DRAINING"'));
  expect(told).toContain("google.rpc.RetryInfo");
  finish();
  expect((await first).status?.version).toBe("1");
  await stopping;
});

test("no new connection is taken while the hub drains", async () => {
  const { hub, begun, finish } = await startSlow();
  const first = createClient(HubService, webTransport(hub)).getStatus({});
  await begun;
  const stopping = hub.running.stop();
  const another = createClient(HubService, webTransport(hub)).getStatus({});
  await expect(another).rejects.toThrow("ECONNREFUSED");
  finish();
  await first;
  await stopping;
});

test("what does not end in time is cut", async () => {
  const { hub, begun } = await startSlow({ drain_ms: "100" });
  const answer = createClient(HubService, webTransport(hub)).getStatus({});
  const outcome = answer.catch((error: unknown) => ConnectError.from(error).code);
  await begun;
  const startMs = performance.now();
  await hub.running.stop();
  expect(performance.now() - startMs).toBeLessThan(1_500 * slowTimes);
  expect(await outcome).not.toBeUndefined();
});
