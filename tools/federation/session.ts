import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { watchNodes } from "@foedus/sdk/node/watch.ts";

/** The hub, spoken to with the session that it keeps for this machine's user. */
export interface HubSession {
  readonly web: string;
  as<Service extends DescService>(service: Service): Client<Service>;
  /** A join token for one name, and where to show it. */
  token(name: string): Promise<{ secret: string; invitation: string }>;
  /** Where nodes join. */
  invitation(): Promise<string>;
  /** A link that signs one browser in. */
  link(): Promise<string>;
  /** Resolves once all of these are online; rejects when the signal aborts. */
  online(names: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Reads the session that a running hub wrote into its data folder. */
export function openSession(data: string): HubSession {
  const file = readFileSync(join(data, "cli.json"), "utf8");
  const { web, session } = JSON.parse(file) as Record<"web" | "session", string>;
  const transport = createConnectTransport({
    baseUrl: web,
    httpVersion: "1.1",
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${session}`);
        return next(request);
      },
    ],
  });
  const as = <Service extends DescService>(service: Service) => createClient(service, transport);
  return {
    web,
    as,
    token: (name) => as(IdentityService).createToken({ requestId: randomUUID(), name }),
    invitation: async () => (await as(HubService).getStatus({})).status?.invitation ?? "",
    link: async () => (await as(PersonService).createLink({ requestId: randomUUID() })).link,
    online: (names, signal) => untilOnline(as(NodeService), names, signal),
  };
}

async function untilOnline(
  client: Client<typeof NodeService>,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const missing = new Set(names);
  for await (const seen of watchNodes({ world: realWorld, client }, signal)) {
    const nodes = seen.kind === "nodes" ? seen.nodes : seen.kind === "changed" ? [seen.node] : [];
    for (const { name, state } of nodes) {
      if (state === NodeState.ONLINE) missing.delete(name);
      else if (names.includes(name)) missing.add(name);
    }
    if (missing.size === 0) return;
  }
  throw new Error(`not online in time: ${[...missing].join(", ")}`);
}
