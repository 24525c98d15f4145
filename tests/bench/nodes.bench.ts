// What a hub bears of nodes that join, and of nodes that stay.
import { randomUUID } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { EnrollRequestSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { HealthStatus, NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import {
  HeartbeatRequestSchema,
  RegisterNodeRequestSchema,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { parseToken } from "@foedus/kernel/invitation.ts";
import { newSigningKey, signFor } from "@foedus/kernel/signing.ts";
import { newTlsKey } from "../../clients/sdk/keys.ts";
import type { Bench } from "./context.ts";
import { ask, once, protocols, repeat } from "./drive.ts";
import { joinNodes, makeTokens } from "./federation.ts";

const enroll = "/foedus.identity.v1.IdentityService/Enroll";
const register = "/foedus.node.v1.NodeService/RegisterNode";
const heartbeat = "/foedus.node.v1.NodeService/Heartbeat";
const joinLines = 16;

/** One-time tokens redeemed for identities and certificates. */
export const enrollments: Bench = {
  title: "Enrollments a second",
  what: "a one-time token redeemed, the request's key certified, durable; 16 at once over one connection",
  target: "",
  async run(context) {
    const { federation } = context;
    const each = context.small ? 60 : 400;
    const pids = [federation.hub.child.pid ?? 0];
    const session = connectHttp2(`https://${federation.hub.ready.join}`, {
      rejectUnauthorized: false,
    });
    const turn = async () => {
      const bodies = await requests(await makeTokens(federation, each));
      const waiting = [...bodies];
      const line = async () => {
        for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
          await ask(session, { path: enroll, headers: protocols.connect, body });
        }
      };
      return await once(async () => {
        await Promise.all(Array.from({ length: joinLines }, line));
        return each;
      }, pids);
    };
    try {
      return await context.measure([{ name: "hub", turn }]);
    } finally {
      session.destroy();
    }
  },
};

async function requests(tokens: readonly string[]): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  for (const token of tokens) {
    const [{ csr }, identity] = [await newTlsKey(), newSigningKey()];
    const bound = concat(sha256(csr), utf8(parseToken(token)?.id ?? ""));
    const request = create(EnrollRequestSchema, {
      requestId: randomUUID(),
      token,
      name: `joined-${randomUUID()}`,
      csr,
      identityKey: identity.publicKey,
      identityProof: signFor("enroll", identity, bound),
    });
    bodies.push(toBinary(EnrollRequestSchema, request));
  }
  return bodies;
}

/** Heartbeats of many nodes, each answered after it is stored. */
export const heartbeats: Bench = {
  title: "Heartbeats a second",
  what: "nodes with a connection each, one heartbeat under way at a time, answered after it is stored",
  target: "",
  async run(context) {
    const nodes = await joinNodes(context.federation, "beat", context.small ? 24 : 100);
    const pids = [context.federation.hub.child.pid ?? 0];
    for (const { session } of nodes) {
      const profile = { kind: NodeKind.INSTANCE, project: "bench", title: "bench" };
      const request = create(RegisterNodeRequestSchema, { requestId: randomUUID(), profile });
      const body = toBinary(RegisterNodeRequestSchema, request);
      await ask(session, { path: register, headers: protocols.connect, body });
    }
    const epoch = BigInt(Date.now());
    let sequence = 0n;
    const act = async (line: number) => {
      const session = nodes[line]?.session;
      if (session === undefined) throw new Error("no node");
      sequence += 1n;
      const sentMs = BigInt(Date.now());
      const health = HealthStatus.HEALTHY;
      const request = create(HeartbeatRequestSchema, { epoch, sequence, sentMs, health });
      const body = toBinary(HeartbeatRequestSchema, request);
      await ask(session, { path: heartbeat, headers: protocols.connect, body });
    };
    const turn = () => repeat(act, { lines: nodes.length, ms: context.turnMs, pids });
    try {
      return await context.measure([{ name: `hub, ${nodes.length} nodes`, turn }]);
    } finally {
      for (const { session } of nodes) session.destroy();
    }
  },
};
