import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DescService } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
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
  /** A link that signs one browser in. */
  link(): Promise<string>;
  /**
   * Resolves once all of these are online with a heartbeat since then; rejects when the signal
   * aborts.
   */
  online(names: readonly string[], sinceMs: number, signal: AbortSignal): Promise<void>;
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
    link: async () => (await as(PersonService).createLink({ requestId: randomUUID() })).link,
    online: (names, sinceMs, signal) => untilOnline(as(NodeService), names, sinceMs, signal),
  };
}

/** A lease outlives its node for a while: only a heartbeat that came since then counts. */
async function untilOnline(
  client: Client<typeof NodeService>,
  names: readonly string[],
  sinceMs: number,
  signal: AbortSignal,
): Promise<void> {
  const states = new Map<string, Node>();
  const seenMs = new Map<string, number>();
  const missing = () => {
    const there = [...states.values()].filter(({ id, state, lastSeenTime }) => {
      const beatMs = lastSeenTime === undefined ? 0 : timestampMs(lastSeenTime);
      return state === NodeState.ONLINE && Math.max(beatMs, seenMs.get(id) ?? 0) >= sinceMs;
    });
    return names.filter((name) => !there.some((node) => node.name === name));
  };
  for await (const seen of watchNodes({ world: realWorld, client }, signal)) {
    if (seen.kind === "nodes") for (const node of seen.nodes) states.set(node.id, node);
    if (seen.kind === "changed") states.set(seen.node.id, seen.node);
    if (seen.kind === "pulses") {
      for (const { nodeId, lastSeenMs } of seen.pulses) seenMs.set(nodeId, Number(lastSeenMs));
    }
    if (missing().length === 0) return;
  }
  throw new Error(`not online in time: ${missing().join(", ")}`);
}
