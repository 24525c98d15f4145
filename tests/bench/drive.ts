// Asks servers over plain node:http2, the same way whatever they are made of.
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import type { ClientHttp2Session, OutgoingHttpHeaders } from "node:http2";
import type { Turn } from "./rounds.ts";

/** A request that is sent again and again. */
export interface Ask {
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Uint8Array;
}

/** Headers of the two ways to ask a service. */
export const protocols = {
  connect: { "content-type": "application/proto", "connect-protocol-version": "1" },
  connectStream: { "content-type": "application/connect+proto", "connect-protocol-version": "1" },
  grpc: { "content-type": "application/grpc", te: "trailers" },
} as const;

/** A message as gRPC, and a stream of Connect, send it: a flag, the length, the bytes. */
export function enveloped(message: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** Sends it once and returns the body of the answer. Throws unless the status is 200. */
export function ask(session: ClientHttp2Session, { path, headers, body }: Ask): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...headers, ":method": "POST", ":path": path });
    const parts: Buffer[] = [];
    let status = 0;
    let grpc = "0";
    stream.on("response", (answer) => {
      status = Number(answer[":status"]);
      grpc = (answer["grpc-status"] as string | undefined) ?? grpc;
    });
    stream.on("trailers", (trailers: IncomingHttpHeaders) => {
      grpc = (trailers["grpc-status"] as string | undefined) ?? grpc;
    });
    stream.on("data", (part: Buffer) => parts.push(part));
    stream.once("error", reject);
    stream.once("end", () => {
      const answer = Buffer.concat(parts);
      if (status === 200 && grpc === "0") return resolve(answer);
      reject(
        new Error(`${path}: ${status}, gRPC ${grpc}: ${answer.toString("utf8").slice(0, 300)}`),
      );
    });
    stream.end(body);
  });
}

/** Sends it once and counts the bytes of the answer without keeping them. */
export function drink(session: ClientHttp2Session, { path, headers, body }: Ask): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...headers, ":method": "POST", ":path": path });
    let bytes = 0;
    stream.on("data", (part: Buffer) => (bytes += part.length));
    stream.once("error", reject);
    stream.once("end", () => resolve(bytes));
    stream.end(body);
  });
}

/** Does something over and over on so many lines at once, for so long. */
export async function repeat(
  act: (line: number) => Promise<unknown>,
  options: { readonly lines: number; readonly ms: number; readonly pids: readonly number[] },
): Promise<Turn> {
  const { lines, ms, pids } = options;
  const cpuBefore = cpuOf(pids);
  const startMs = performance.now();
  let operations = 0;
  const run = async (line: number) => {
    while (performance.now() - startMs < ms) {
      await act(line);
      operations += 1;
    }
  };
  await Promise.all(Array.from({ length: lines }, (_, line) => run(line)));
  const seconds = (performance.now() - startMs) / 1000;
  return { operations, seconds, cpuUs: minus(cpuOf(pids), cpuBefore) };
}

/** Does something once, which is so many operations. */
export async function once(act: () => Promise<number>, pids: readonly number[]): Promise<Turn> {
  const cpuBefore = cpuOf(pids);
  const startMs = performance.now();
  const operations = await act();
  const seconds = (performance.now() - startMs) / 1000;
  return { operations, seconds, cpuUs: minus(cpuOf(pids), cpuBefore) };
}

const tickUs = 10_000;

/** User and system time of processes; undefined where the system does not tell. */
function cpuOf(pids: readonly number[]): number | undefined {
  if (pids.length === 0) return undefined;
  try {
    const ticks = pids.map((pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(fields[11]) + Number(fields[12]);
    });
    return ticks.reduce((sum, each) => sum + each, 0) * tickUs;
  } catch {
    return undefined;
  }
}

function minus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one - other;
}
