import { create, equals } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { LinkOpenedSchema } from "@foedus/gen/foedus/link/v1/link_event_pb.js";
import type { Link, LinkOffer, LinkTerms } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { LinkSchema, LinkTermsSchema } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type { ReportLinkRequest } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { Change } from "@foedus/kernel/change.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { reportMs } from "@foedus/kernel/protocol.ts";
import type { Random } from "@foedus/kernel/world.ts";

/** What this hub speaks and can do. */
export type Own = Pick<LinkOffer, "protocolMin" | "protocolMax" | "software" | "capabilities">;

/**
 * The newest protocol both speak, and what both can do.
 *
 * @throws Fault PROTOCOL_UNSUPPORTED, which says who is too old.
 */
export function agree(own: Own, offer: LinkOffer, node: string): LinkTerms {
  const protocol = Math.min(own.protocolMax, offer.protocolMax);
  if (protocol < Math.max(own.protocolMin, offer.protocolMin)) {
    throw new Fault(Reason.PROTOCOL_UNSUPPORTED, {
      node,
      node_min: offer.protocolMin,
      node_max: offer.protocolMax,
      hub_min: own.protocolMin,
      hub_max: own.protocolMax,
      upgrade: offer.protocolMax < own.protocolMin ? `node ${node}` : "the hub",
    });
  }
  const both = new Set(offer.capabilities.filter((one) => own.capabilities.includes(one)));
  const capabilities = [...both].toSorted();
  return create(LinkTermsSchema, { protocol, capabilities, hubSoftware: own.software });
}

/** A node opens its link; told only when terms or program are others than before. */
export function open(
  known: Link | undefined,
  identity: Pick<Identity, "nodeId" | "name">,
  offer: LinkOffer,
  own: Own,
  nowMs: number,
): Change<Link> {
  const { nodeId, name: nodeName } = identity;
  const terms = agree(own, offer, nodeName);
  const { software } = offer;
  const openTime = timestampFromMs(nowMs);
  const next = create(LinkSchema, { nodeId, nodeName, terms, software, openTime });
  if (known?.software === software && sameTerms(known.terms, terms)) return { next, facts: [] };
  return { next, facts: [fact(LinkOpenedSchema, nodeId, { nodeId, terms, software })] };
}

function sameTerms(known: LinkTerms | undefined, terms: LinkTerms): boolean {
  return known !== undefined && equals(LinkTermsSchema, known, terms);
}

/** What the hub knew of a link when a report came. */
export interface Known {
  /** Whether the node ever opened it. */
  readonly opened: boolean;
  /** Whether the report was newer than all before, and is stored. */
  readonly kept: boolean;
}

/**
 * Whether a report was a duplicate: known, or overtaken by a later one.
 *
 * @throws Fault LINK_NOT_OPEN
 */
export function isDuplicate(known: Known, node: string): boolean {
  if (!known.opened) throw new Fault(Reason.LINK_NOT_OPEN, { node });
  return !known.kept;
}

/** A link with what its node reported last. */
export function reported(link: Link, report: ReportLinkRequest, atMs: number): Link {
  const { counts, breaker, roundTripUs, roundTripMeanUs, roundTripTrendUs } = report;
  const trips = { roundTripUs, roundTripMeanUs, roundTripTrendUs };
  return { ...link, ...trips, counts, breaker, reportTime: timestampFromMs(atMs) };
}

/** A link with the connections that the hub holds of its node right now. */
export function standing(link: Link, connections: number): Link {
  return { ...link, connections, live: connections > 0 };
}

const jitterShare = 0.1;

/** When the next report is due: spread a little, so that nodes do not come all at once. */
export function nextReportMs(random: Random): bigint {
  return BigInt(Math.round(reportMs * (1 - jitterShare + 2 * jitterShare * random.fraction())));
}
