// A hub of its own, and a node's certificate on disk for whoever wants to connect with it.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { create, fromJsonString, toBinary } from "@bufbuild/protobuf";
import { PublishStreamRequestSchema } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { TrustBundleSchema } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import { signingKeyFromPem } from "@foedus/kernel/signing.ts";
import { joinHub } from "../../../clients/sdk/join.ts";
import { pem } from "../../../clients/sdk/keys.ts";
import { openSession } from "../../../tools/federation/session.ts";
import { localSession, startHubProcess } from "../../support/hub.process.ts";
import { telemetry } from "../../support/publication.ts";

/** What a peer is told. */
export interface Target extends AsyncDisposable {
  /** host:port of the node listener. */
  readonly node: string;
  /** http://host:port of the web listener. */
  readonly web: string;
  /** The owner's session on it. */
  readonly session: string;
  /** PEM files. */
  readonly key: string;
  readonly chain: string;
  readonly roots: string;
  /** A signed PublishStreamRequest of this node. */
  readonly batch: string;
  /** The node's folder, which the SDK opens. */
  readonly folder: string;
}

/** Starts a hub; without a database's URL on a bundled one. */
export async function startTarget(url?: string): Promise<Target> {
  const around = mkdtempSync(join(tmpdir(), "foedus-interop-"));
  const data = join(around, "hub");
  const folder = join(around, "node");
  const hub = await startHubProcess({ data, ...(url === undefined ? {} : { url }) });
  const { secret: token, invitation } = await openSession(data).token("guest");
  const { spiffeId } = await joinHub({ invitation, token, folder });
  const file = (name: string) => join(folder, name);
  const bundle = fromJsonString(TrustBundleSchema, readFileSync(file("bundle.json"), "utf8"));
  const roots = join(around, "roots.pem");
  writeFileSync(roots, bundle.roots.map((der) => pem("CERTIFICATE", der)).join(""));
  const batch = join(around, "batch.bin");
  const nowMs = BigInt(Date.now());
  const place = { source: spiffeId, stream: "interop", epoch: nowMs, first: 1n };
  const event = telemetry(place, { timeMs: nowMs });
  const key = signingKeyFromPem(readFileSync(file("identity.pem"), "utf8"));
  const request = create(PublishStreamRequestSchema, { batch: signBatch(key, [event]) });
  writeFileSync(batch, toBinary(PublishStreamRequestSchema, request));
  return {
    node: hub.ready.node,
    web: hub.ready.web,
    session: localSession(data),
    key: file("tls.pem"),
    chain: file("chain.pem"),
    roots,
    batch,
    folder,
    async [Symbol.asyncDispose]() {
      await hub.stop();
      rmSync(around, { recursive: true, force: true });
    },
  };
}

/** Runs a program; gives what it wrote, or throws with what it complained of. */
export async function run(command: readonly string[], env = process.env): Promise<string> {
  const [program = "", ...flags] = command;
  const { stdout } = await promisify(execFile)(program, flags, { env, timeout: peerMs });
  return stdout;
}

const peerMs = 120_000;
