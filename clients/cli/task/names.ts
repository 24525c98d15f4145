import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { HubClient } from "../hub-client.ts";

/** What nodes are called. */
export interface NodeNames {
  /** Looks up those that are not known yet, with one question. */
  learn(ids: readonly string[]): Promise<void>;
  /** The name of a node; its id where it has none. */
  nameOf(id: string): string;
  /** The same for whoever did something: a node in its SPIFFE id is called by its name. */
  callerOf(id: string): string;
}

const askedMax = 1_000;
const nodePart = /\/node\/(node_[0-9a-z]+)/u;

/** Knows nobody at first. */
export function openNames(hub: HubClient): NodeNames {
  const known = new Map<string, string>();
  const nameOf = (id: string) => known.get(id) ?? id;
  return {
    nameOf,
    async learn(ids) {
      const nodeIds = [...new Set(ids)].flatMap((id) => nodePart.exec(id)?.[1] ?? nodeOnly(id));
      const fresh = nodeIds.filter((id) => !known.has(id)).slice(0, askedMax);
      if (fresh.length === 0) return;
      const page = { size: fresh.length };
      const request = { nodeIds: fresh, page };
      const { identities } = await hub.as(IdentityService).listIdentities(request, hub.call);
      for (const { nodeId, name } of identities) known.set(nodeId, name);
      for (const id of fresh) if (!known.has(id)) known.set(id, id);
    },
    callerOf: (id) => {
      const nodeId = nodePart.exec(id)?.[1];
      return nodeId === undefined ? nameOf(id) : nameOf(nodeId);
    },
  };
}

function nodeOnly(id: string): string[] {
  return id.startsWith("node_") ? [id] : [];
}
