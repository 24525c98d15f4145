import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { newSigningKey, signingKeyFromPem, signingKeyToPem } from "@foedus/kernel/signing.ts";
import { hubSpiffe } from "@foedus/kernel/spiffe.ts";
import type { World } from "@foedus/kernel/world.ts";
import type { HubIdentity } from "./capability.ts";
import { writeSecretFile } from "./secret.file.ts";

interface Kept {
  readonly hubId: string;
  readonly trustDomain: string;
  readonly signingKey: string;
}

/**
 * Who this hub is: made at first start, kept in one file of the data folder.
 *
 * @throws Fault CONFIG_INVALID when the config names another trust domain than the first start did.
 */
export function openIdentity(keys: string, trustDomain: string, world: World): HubIdentity {
  const path = join(keys, "hub.json");
  const kept = existsSync(path) ? read(path) : make(path, trustDomain, world);
  if (kept.trustDomain !== trustDomain) {
    const problem = `was fixed as ${kept.trustDomain} at first start (${path}), not ${trustDomain}`;
    throw new Fault(Reason.CONFIG_INVALID, { field: "trust_domain", problem });
  }
  return {
    hubId: kept.hubId,
    trustDomain,
    spiffeId: hubSpiffe(trustDomain, kept.hubId),
    signingKey: signingKeyFromPem(kept.signingKey),
  };
}

function read(path: string): Kept {
  return JSON.parse(readFileSync(path, "utf8")) as Kept;
}

function make(path: string, trustDomain: string, world: World): Kept {
  const signingKey = signingKeyToPem(newSigningKey());
  const kept = { hubId: newId("hub", world), trustDomain, signingKey };
  writeSecretFile(path, `${JSON.stringify(kept, undefined, 2)}\n`);
  return kept;
}
