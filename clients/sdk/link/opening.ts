import { readFileSync } from "node:fs";
import type { Transport } from "@connectrpc/connect";
import { Code, createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { LinkTerms } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { linkCapabilities, protocol } from "@foedus/kernel/protocol.ts";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import { readObject } from "../json.ts";
import { isPassing } from "../wire/persist.ts";
import type { NodeKit } from "./kit.ts";

const answerMs = 10_000;

const manifest = new URL("../package.json", import.meta.url);
const software = `foedus-sdk/${String(readObject(readFileSync(manifest, "utf8")).version)}`;

/**
 * Agrees with the hub on what both go by; undefined with a hub of before there were links.
 *
 * @throws FoedusError PROTOCOL_UNSUPPORTED, and what says that this connection is of no use.
 */
export async function agreeOnTerms(
  { world, ended }: NodeKit,
  transport: Transport,
): Promise<LinkTerms | undefined> {
  const offer = {
    protocolMin: protocol.min,
    protocolMax: protocol.max,
    software,
    capabilities: [...linkCapabilities],
  };
  const request = { requestId: newId("req", world), offer };
  try {
    const client = createClient(LinkService, transport);
    const wish = { timeoutMs: answerMs, signal: ended.signal };
    return (await client.openLink(request, wish)).terms;
  } catch (thrown) {
    const error = errorOf(thrown);
    if (isFatal(error)) throw thrown;
    return undefined;
  }
}

/** Who is no longer admitted, shares no protocol, or got no answer, has no link. */
function isFatal(error: FoedusError): boolean {
  if (error.reason === Reason.PROTOCOL_UNSUPPORTED) return true;
  if (error.code === Code.Unimplemented || error.code === Code.Internal) return false;
  const notAdmitted = error.code === Code.Unauthenticated || error.code === Code.PermissionDenied;
  return notAdmitted || isPassing(error);
}
