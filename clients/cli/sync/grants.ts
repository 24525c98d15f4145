import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  CollectionService,
  ListGrantsResponseSchema,
  SetGrantResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Grant } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { allPages } from "../pages.ts";
import { dim, strong, type Piece } from "../paint.ts";

/** What `sync grant` takes. What is left out stays as it is. */
export interface GrantOptions {
  readonly zone?: readonly string[];
  readonly hubZones?: boolean;
  readonly relay?: boolean;
}

/** Says where a node stands, and whether it may bring what others wrote. */
export async function setGrant(
  context: CliContext,
  node: string,
  { zone, hubZones = false, relay }: GrantOptions,
): Promise<void> {
  const { print } = context;
  if ((zone === undefined && !hubZones && relay === undefined) || (zone && hubZones)) {
    const problem = "say one of --zone and --hub-zones, or --relay, or --no-relay";
    throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus sync grant" });
  }
  const hub = await context.hub();
  const client = hub.as(CollectionService);
  const before = (await granted(hub)).grants.find((each) =>
    [each.node, each.nodeId].includes(node),
  );
  const zones = hubZones ? [] : [...(zone ?? before?.zones ?? [])];
  const relays = relay ?? before?.relays ?? false;
  const request = { requestId: context.newRequestId(), node, zones, relays };
  const answer = await client.setGrant(request, hub.call);
  await print.answer(SetGrantResponseSchema, answer, () => {
    const { grant } = answer;
    if (grant === undefined) return;
    const where = grant.zones.length === 0 ? "where the hub does" : `in ${zonesText(grant)}`;
    const what = grant.relays ? "what others wrote" : "only what it wrote itself";
    print.line(strong(grant.node), ` stands ${where}, and may bring ${what}.`);
  });
}

async function granted(hub: HubClient) {
  const client = hub.as(CollectionService);
  let zones: string[] = [];
  const grants = await allPages(
    (page) => client.listGrants({ page }, hub.call),
    (page) => {
      ({ zones } = page);
      return page.grants;
    },
  );
  return { grants, zones };
}

const head = ["NODE", "STANDS IN", "BRINGS"];

/** Who may do something else than everybody. */
export async function listGrants(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const { grants, zones } = await granted(hub);
  const answer = create(ListGrantsResponseSchema, { grants, zones });
  await print.answer(ListGrantsResponseSchema, answer, async () => {
    if (grants.length > 0) await print.table(head, grants.map(rowOf));
    const others = grants.length === 0 ? "All nodes stand" : "All others stand";
    print.line(`${others} where this hub does: ${zones.join(", ")}.`);
  });
}

function rowOf(grant: Grant): Piece[] {
  const { node, nodeId, zones, relays } = grant;
  return [
    strong(node || nodeId),
    zones.length === 0 ? dim("the hub's zones") : zonesText(grant),
    relays ? "what others wrote" : dim("what it wrote"),
  ];
}

function zonesText({ zones }: Grant): string {
  return zones.join(", ");
}
