// Bodies that are refused before they came to their end.
import { once } from "node:events";
import { connect as connectHttp2, constants } from "node:http2";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { column } from "../../../tests/support/column.ts";
import type { BareHub } from "../../../tests/support/hub.bare.ts";
import { ownerSecret, startBareHub } from "../../../tests/support/hub.bare.ts";

let hub: BareHub;
beforeAll(async () => (hub = await startBareHub({ capabilities: [column(HubService, {})] })));
afterAll(() => hub.running.stop());

const path = "/foedus.hub.v1.HubService/GetStatus";
const headers = {
  "content-type": "application/grpc-web+proto",
  authorization: `Bearer ${ownerSecret}`,
};
const piece = Buffer.alloc(65_536);
/** Of a message of 16 MiB, which no listener takes. */
const tooLong = Buffer.of(0, 1, 0, 0, 0);

test("the next request of an HTTP/1.1 connection does not wait behind a refused body", async () => {
  const { hostname, port, host } = new URL(hub.web);
  const socket = connect(Number(port), hostname);
  const all = { host, "transfer-encoding": "chunked", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  const send = (bytes: Buffer) => {
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write("\r\n");
  };
  send(tooLong);
  send(piece);
  const heard = hear(socket);
  await heard("grpc-status: 8");
  for (let sent = 0; sent < 64; sent += 1) send(piece);
  socket.write(`0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  await heard("ok\n");
  socket.destroy();
});

test("who goes on with a refused body over HTTP/2 hears the answer, and to stop", async () => {
  const session = connectHttp2(hub.web);
  const stream = session.request({ ":method": "POST", ":path": path, ...headers });
  stream.write(tooLong);
  stream.write(piece);
  let text = "";
  stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(stream, "close");
  expect(text).toContain("grpc-status: 8");
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
  session.destroy();
});

/** Collects what comes, for who waits for a certain text. */
function hear(socket: Socket): (wanted: string) => Promise<void> {
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return async (wanted) => {
    while (!text.includes(wanted)) await once(socket, "data");
  };
}
