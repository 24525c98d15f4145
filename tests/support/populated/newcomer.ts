// Somebody who asks to join without a token, and waits for an admin.
import { randomUUID } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  EnrollRequestSchema,
  EnrollResponseSchema,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { sha256 } from "@foedus/kernel/digest.ts";
import { newSigningKey, signFor } from "@foedus/kernel/signing.ts";
import { newTlsKey } from "../../../clients/sdk/keys.ts";
import { ask, protocols } from "../../bench/drive.ts";
import type { HubProcess } from "../hub.process.ts";

const path = "/foedus.identity.v1.IdentityService/Enroll";

/** Asks once, by the invitation alone; afterwards it stands in the queue of newcomers. */
export async function askToJoin(hub: HubProcess, name: string): Promise<void> {
  const [{ csr }, identity] = [await newTlsKey(), newSigningKey()];
  const request = create(EnrollRequestSchema, {
    requestId: randomUUID(),
    tenant: "main",
    name,
    csr,
    identityKey: identity.publicKey,
    identityProof: signFor("enroll", identity, sha256(csr)),
  });
  const session = connectHttp2(`https://${hub.ready.join}`, { rejectUnauthorized: false });
  try {
    const body = toBinary(EnrollRequestSchema, request);
    const answer = await ask(session, { path, headers: protocols.connect, body });
    const { waiting } = fromBinary(EnrollResponseSchema, answer);
    if (waiting === undefined) throw new Error(`${name} need not wait`);
  } finally {
    session.destroy();
  }
}
