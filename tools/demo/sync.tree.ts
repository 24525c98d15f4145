import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { CollectionService } from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { streamKey } from "@foedus/kernel/sync/op.ts";
import { parseStream } from "@foedus/kernel/sync/stream.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { joinHub } from "@foedus/sdk/join.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { openNode } from "@foedus/sdk/open.ts";
import type { Collection } from "@foedus/sdk/sync/collection.ts";
import { type DemoHub, startHub } from "./hubs.ts";

/** What the demonstration writes. */
export const collection = "trip";

/** A node of the demonstration, and its replica of the collection. */
export interface Traveller {
  readonly name: string;
  readonly hub: DemoHub;
  readonly node: FoedusNode;
  /** The key it writes with. */
  readonly replica: string;
  readonly trip: Collection<string | boolean>;
}

/** How one place holds the collection. */
export interface Held {
  readonly place: string;
  /** How many fields hold something. */
  readonly fields: number;
  /** 48 bits over all of them, values and losers of conflicts included. */
  readonly hash: string;
  /** Writes that no hub has yet. */
  readonly waiting: number;
}

const stream = parseStream(collection);
const hexDigits = 12;
const lookEveryMs = 20;
const patienceMs = 60_000;

/** Starts a hub below another; it may join with a token, and relay once an admin lets it. */
export async function startBelow(folder: string, name: string, parent: DemoHub): Promise<DemoHub> {
  const { secret } = await parent.session.token(name);
  const file = join(folder, `${name}.token`);
  writeFileSync(file, secret, { mode: 0o600 });
  const { invitation } = parent.ready;
  const hub = await startHub(folder, name, ["--parent", invitation, "--parent-token-file", file]);
  await parent.session.online([name], 0, AbortSignal.timeout(patienceMs));
  const grant = { requestId: randomUUID(), node: name, relays: true };
  await parent.session.as(CollectionService).setGrant(grant);
  return hub;
}

/** Joins a hub, and opens the collection. */
export async function startTraveller(
  folder: string,
  hub: DemoHub,
  name: string,
): Promise<Traveller> {
  const own = join(folder, "nodes", name);
  const { secret: token, invitation } = await hub.session.token(name);
  await joinHub({ invitation, token, folder: own, name });
  const node = await openNode(own, { purpose: "the demonstration" });
  await node.ready();
  await node.register({ kind: NodeKind.INSTANCE, project: name, title: name });
  const { replica } = (await node.collections()).status();
  return { name, hub, node, replica, trip: await node.collection(collection) };
}

/** How a hub holds it, by its own count. */
export async function heldByHub({ name, session }: DemoHub): Promise<Held> {
  const { streams } = await session.as(CollectionService).listStreams({ collection });
  const [held] = streams;
  return { place: name, fields: held?.cells ?? 0, hash: hashText(held?.digest ?? 0), waiting: 0 };
}

/** How a node holds it on its own disk; what waits for its hub is not counted in. */
export async function heldByNode({ name, node, trip }: Traveller): Promise<Held> {
  if (stream === undefined) throw new Error(`${collection} is no stream`);
  const { replica } = await node.collections();
  const { digest } = replica.hold(streamKey(tenantProved(node.tenant), stream));
  const { outboxOps: waiting } = trip.status();
  return { place: name, fields: digest.cells, hash: hashText(digest.sum), waiting };
}

/** Looks until it holds; throws after a minute, with what it saw last. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  holds: (seen: T) => boolean,
): Promise<T> {
  const { clock, timers } = realWorld;
  for (const sinceMs = clock.monotonic(); ;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (clock.monotonic() - sinceMs > patienceMs) {
      throw new Error(`${what} did not come about: ${JSON.stringify(seen)}`);
    }
    await timers.sleep(lookEveryMs);
  }
}

function hashText(digest: number): string {
  const hex = digest.toString(16).padStart(hexDigits, "0");
  return hex.replace(/(....)(?=.)/gu, "$1-");
}
