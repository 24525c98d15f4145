// A node of a populated federation: keys of its own, a TLS session of its own, and no loop.
import { createHash, randomUUID } from "node:crypto";
import type { ClientHttp2Session } from "node:http2";
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  GraphSummarySchema,
  Health_Status,
  HealthSchema,
  IntegrationEdgeSchema,
  PresenceSchema,
  TelemetrySyncSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { PublishRequestSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import {
  EnrollRequestSchema,
  EnrollResponseSchema,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { BreakerState } from "@foedus/gen/foedus/link/v1/link_pb.js";
import {
  OpenLinkRequestSchema,
  ReportLinkRequestSchema,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import {
  HeartbeatRequestSchema,
  RegisterNodeRequestSchema,
} from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { concat, utf8 } from "@foedus/kernel/bytes.ts";
import { sha256 } from "@foedus/kernel/digest.ts";
import { parseToken } from "@foedus/kernel/invitation.ts";
import { linkCapabilities, protocol } from "@foedus/kernel/protocol.ts";
import { newSigningKey, signFor, type SigningKey } from "@foedus/kernel/signing.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { prepare } from "../../../clients/sdk/event/families.ts";
import { newTlsKey, pem } from "../../../clients/sdk/keys.ts";
import { dial } from "../../../clients/sdk/wire/dial.ts";
import { ask, protocols } from "../../bench/drive.ts";
import { degradedReason, type Planned } from "./fleet.ts";
import type { Member } from "./shape.ts";

const methods = {
  enroll: "/foedus.identity.v1.IdentityService/Enroll",
  register: "/foedus.node.v1.NodeService/RegisterNode",
  heartbeat: "/foedus.node.v1.NodeService/Heartbeat",
  publish: "/foedus.event.v1.EventService/Publish",
  openLink: "/foedus.link.v1.LinkService/OpenLink",
  reportLink: "/foedus.link.v1.LinkService/ReportLink",
} as const;

async function call<S extends DescMessage>(
  session: ClientHttp2Session,
  path: string,
  schema: S,
  message: MessageInitShape<S>,
): Promise<Uint8Array> {
  const body = toBinary(schema, create(schema, message));
  return await ask(session, { path, headers: protocols.connect, body });
}

/** Joins by a token over a session of the join listener, connects, and registers. */
export async function joinMember(
  join: ClientHttp2Session,
  token: string,
  planned: Planned,
): Promise<Member> {
  const [tls, identity] = [await newTlsKey(), newSigningKey()];
  const bound = concat(sha256(tls.csr), utf8(parseToken(token)?.id ?? ""));
  const answer = await call(join, methods.enroll, EnrollRequestSchema, {
    requestId: randomUUID(),
    token,
    name: planned.name,
    csr: tls.csr,
    identityKey: identity.publicKey,
    identityProof: signFor("enroll", identity, bound),
  });
  const { admission } = fromBinary(EnrollResponseSchema, answer);
  if (admission === undefined) throw new Error(`${planned.name} was not admitted`);
  const chain = (admission.certificate?.chain ?? []).map((der) => pem("CERTIFICATE", der)).join("");
  const own = { chain, key: tls.pem };
  // Whom the token's hub named is not judged again: this is no test of joining.
  const session = await dial({
    address: admission.nodeAddress,
    own,
    inspect: () => undefined,
    world: realWorld,
  });
  await call(session, methods.register, RegisterNodeRequestSchema, {
    requestId: randomUUID(),
    profile: planned.profile,
  });
  return memberOf(session, identity, admission, planned);
}

function memberOf(
  session: ClientHttp2Session,
  identity: SigningKey,
  admission: Admission,
  planned: Planned,
): Member {
  const { nodeId, spiffeId } = admission;
  const epoch = BigInt(Date.now());
  const roundTripUs = BigInt(planned.tripMs * 1_000);
  let sequence = 0n;
  return {
    id: nodeId,
    planned,
    async beat(reason) {
      sequence += 1n;
      const half = Math.round(planned.tripMs / 2);
      await call(session, methods.heartbeat, HeartbeatRequestSchema, {
        epoch,
        sequence,
        sentMs: BigInt(Date.now() - half + planned.skewMs),
        roundTripUs,
        health: reason === undefined ? HealthStatus.HEALTHY : HealthStatus.DEGRADED,
        reasons: reason === undefined ? [] : [reason],
      });
    },
    async tell() {
      const told = eventsOf(planned).map(({ type, payload, subject }, at) =>
        create(EventSchema, {
          type,
          source: spiffeId,
          subject,
          timeMs: BigInt(Date.now()),
          stream: "main",
          epoch,
          sequence: BigInt(at + 1),
          payload,
        }),
      );
      const batch = signBatch(identity, told);
      await call(session, methods.publish, PublishRequestSchema, { batch });
    },
    link: () => openLink(session, epoch, roundTripUs),
    close: () => session.destroy(),
  };
}

async function openLink(session: ClientHttp2Session, epoch: bigint, roundTripUs: bigint) {
  await call(session, methods.openLink, OpenLinkRequestSchema, {
    requestId: randomUUID(),
    offer: {
      protocolMin: protocol.min,
      protocolMax: protocol.max,
      software: "foedus-instance/0.1.0",
      capabilities: [...linkCapabilities],
    },
  });
  await call(session, methods.reportLink, ReportLinkRequestSchema, {
    epoch,
    sequence: 1n,
    counts: {
      messagesSent: 6n,
      messagesReceived: 6n,
      bytesSent: 9_000n,
      bytesReceived: 4_000n,
    },
    breaker: BreakerState.CLOSED,
    roundTripUs,
    roundTripMeanUs: roundTripUs,
  });
}

/** What a node tells of itself; who speaks for a project tells of that as well. */
function eventsOf({ profile, tripMs, standing, speaks, dependencies }: Planned) {
  const { project, title, url, version } = profile;
  const lines = 4_000 + ((project.length * 7_919 + tripMs * 311) % 60_000);
  const degraded = standing === "degraded";
  const own = [
    told(TelemetrySyncSchema, {
      priorities: [{ topic: profile.domain, weight: 0.7, confidence: 0.8 }],
      syncLatencyMs: tripMs,
      sanitized: true,
      uptimeMs: BigInt(tripMs * 60_000),
    }),
    told(HealthSchema, {
      status: degraded ? Health_Status.DEGRADED : Health_Status.HEALTHY,
      degradedReasons: degraded ? [degradedReason] : [],
      latencyMs: tripMs,
      sampleMs: BigInt(Date.now()),
    }),
    told(GraphSummarySchema, {
      projectSlug: project,
      files: BigInt(Math.round(lines / 90)),
      lines: BigInt(lines),
      languages: [{ language: "TypeScript", files: 40n, lines: BigInt(lines) }],
      scannedMs: BigInt(Date.now()),
      digest: createHash("sha256").update(project).digest("hex"),
    }),
  ];
  if (!speaks) return own;
  const packages = [{ name: packageOf(project), version, manifest: "package.json" }];
  const digest = createHash("sha256").update(`${project}/package.json`).digest("hex");
  return [
    ...own,
    told(PresenceSchema, { projectSlug: project, title, url, version, packages }),
    ...dependencies.map(({ on, kind }, at) => {
      const toPackage = packageOf(on);
      const proof = { manifest: "package.json", line: 12 + at, digest };
      const edge = { fromProject: project, toPackage, kind, strength: 1, proof };
      return told(IntegrationEdgeSchema, edge, toPackage);
    }),
  ];
}

function packageOf(project: string): string {
  return `@acme/${project}`;
}

function told<S extends DescMessage>(schema: S, payload: MessageInitShape<S>, subject = "") {
  return { ...prepare(schema, payload), subject };
}
