// The same words from grpc-js.
import type { Metadata, ServiceError, StatusObject } from "@grpc/grpc-js";
import { Client, credentials, Metadata as NewMetadata, status } from "@grpc/grpc-js";
import type { AskInit } from "./schema.ts";
import type { Caller, MethodName, Outcome } from "./clients.ts";
import { grpcJs } from "./clients.ts";
import { ownerSecret } from "../support/hub.bare.ts";
import type { Side } from "./doors.ts";
import { plain } from "./doors.ts";

const open = new WeakMap<Side, Client>();

/** Its client of a side. */
export function grpcClientOf(side: Side): Client {
  const known = open.get(side);
  if (known !== undefined) return known;
  const client = new Client(new URL(side.hub.web).host, credentials.createInsecure());
  open.set(side, client);
  return client;
}

/** Calls by grpc-js. */
export const callingGrpcJs: Caller = async (side, method, asks, options = {}) => {
  const heard = Promise.withResolvers<StatusObject>();
  const messages: unknown[] = [];
  const heads: Metadata[] = [];
  const metadata = new NewMetadata();
  metadata.set("authorization", `Bearer ${ownerSecret}`);
  for (const [name, value] of new Headers(options.headers)) metadata.set(name, value);
  const deadline = options.timeoutMs === undefined ? undefined : Date.now() + options.timeoutMs;
  const call = place(grpcClientOf(side), method, asks, metadata, { deadline }, (message) => {
    messages.push(message);
  });
  call.on("metadata", (head: Metadata) => heads.push(head));
  call.on("status", (told: StatusObject) => heard.resolve(told));
  call.on("error", () => undefined);
  const { code, details, metadata: trailer } = await heard.promise;
  const outcome: Outcome = {
    messages,
    header: grpcJs.shown(heads[0]),
    trailer: grpcJs.shown(trailer),
    error: code === status.OK ? undefined : { code, message: plain(details) },
  };
  return outcome;
};

function place(
  client: Client,
  method: MethodName,
  asks: readonly AskInit[],
  metadata: Metadata,
  options: { deadline: number | undefined },
  take: (message: unknown) => void,
) {
  const path = grpcJs.path(method);
  const { write } = grpcJs;
  const read = grpcJs.read(method);
  const once = (_error: ServiceError | null, message?: unknown) => {
    if (message !== undefined) take(message);
  };
  const [first = {}] = asks;
  if (method === "many") {
    const call = client.makeServerStreamRequest(path, write, read, first, metadata, options);
    return call.on("data", take);
  }
  if (method === "both") {
    const call = client.makeBidiStreamRequest(path, write, read, metadata, options);
    call.on("data", take);
    for (const ask of asks) call.write(ask);
    call.end();
    return call;
  }
  if (method === "gather") {
    const call = client.makeClientStreamRequest(path, write, read, metadata, options, once);
    for (const ask of asks) call.write(ask);
    call.end();
    return call;
  }
  return client.makeUnaryRequest(path, write, read, first, metadata, options, once);
}
