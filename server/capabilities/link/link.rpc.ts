import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import type {
  LinkService,
  ListLinksRequest,
  OpenLinkRequest,
  ReportLinkRequest,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { insideCaller, type NodeCaller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { linkCapabilities, protocol, reportMs } from "@foedus/kernel/protocol.ts";
import { nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import type { TenantId } from "@foedus/kernel/tenant.ts";
import { callerOf, nodeCallerOf } from "../../runtime/caller.ts";
import type { Hub } from "../../runtime/capability.ts";
import { pageToken, pageWish } from "../../runtime/storage/page.ts";
import { version } from "../../runtime/version.ts";
import { writeOf } from "../../runtime/write.ts";
import type { Own } from "./link.ts";
import { isDuplicate, nextReportMs, open, standing } from "./link.ts";
import type { LinkStore } from "./link.store.ts";
import { reportWriter } from "./report.store.ts";

/** What can be asked of links; peers are the other half of the service. */
export type LinkHalf = Pick<
  ServiceImpl<typeof LinkService>,
  "openLink" | "reportLink" | "getLink" | "listLinks"
>;

const own: Own = {
  protocolMin: protocol.min,
  protocolMax: protocol.max,
  software: `foedus/${version}`,
  capabilities: [...linkCapabilities],
};

/** Opening, reporting, looking. */
export function linkRpc(hub: Hub, links: LinkStore): LinkHalf {
  const { trustDomain } = hub.identity;
  const seen = (tenant: TenantId) => (link: Link) =>
    standing(link, hub.sessions.of(nodeSpiffe(trustDomain, tenant, link.nodeId)));
  return {
    openLink: (request, context) => openLink(hub, links, request, context),

    reportLink: reportTaker(hub),

    async getLink(request, context) {
      const { tenant } = callerOf(context);
      return { link: seen(tenant)(await links.find(tenant, request.node)) };
    },

    async listLinks(request, context) {
      const { tenant } = callerOf(context);
      const { links: found, nextPageToken } = await listLinks(links, tenant, request);
      return { links: found.map(seen(tenant)), nextPageToken };
    },
  };
}

async function openLink(
  hub: Hub,
  links: LinkStore,
  request: OpenLinkRequest,
  context: HandlerContext,
) {
  const caller = nodeCallerOf(context);
  const { offer } = request;
  if (offer === undefined) throw new Error("validation let a missing offer pass");
  const identity = await identityOf(hub, caller);
  const { terms } = await links.open(writeOf(request, context), caller.nodeId, (known, nowMs) =>
    open(known, identity, offer, own, nowMs),
  );
  return { terms, reportMs: BigInt(reportMs) };
}

function reportTaker({ storage, world }: Hub) {
  const writer = reportWriter(storage);
  return async (request: ReportLinkRequest, context: HandlerContext) => {
    const { tenant, nodeId, id } = nodeCallerOf(context);
    const known = await writer.add({ tenant, nodeId, receivedMs: storage.nowMs(), request });
    return { duplicate: isDuplicate(known, id), nextMs: nextReportMs(world.random) };
  };
}

async function listLinks(links: LinkStore, tenant: TenantId, { page }: ListLinksRequest) {
  const wish = pageWish(page, "links");
  const found = await links.list(tenant, wish);
  const last = found.length < wish.size ? undefined : found.at(-1);
  return {
    links: found,
    nextPageToken: last === undefined ? "" : pageToken("links", [last.nodeId]),
  };
}

/** The node's name is identity's to say. */
async function identityOf(hub: Hub, caller: NodeCaller) {
  const identities = hub.calls.as(IdentityService, insideCaller("link", caller.tenant));
  const answer = await identities.listIdentities({ nodeIds: [caller.nodeId] });
  const [identity] = answer.identities;
  if (identity === undefined)
    throw new Fault(Reason.NOT_FOUND, { object: `identity of ${caller.id}` });
  return identity;
}
