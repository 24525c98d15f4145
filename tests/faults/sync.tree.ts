// A hub whose process and database can be killed and whose lines can be cut, at any moment.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  CollectionService,
  type GetDigestResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import { parseStream } from "@foedus/kernel/sync/stream.ts";
import { joinHub } from "../../clients/sdk/join.ts";
import type { FoedusNode } from "../../clients/sdk/node.ts";
import { openNode } from "../../clients/sdk/open.ts";
import { choosePlace } from "../../server/runtime/storage/bundled.place.ts";
import { readPostmaster } from "../../server/runtime/storage/bundled.process.ts";
import { type HubSession, openSession } from "../../tools/federation/session.ts";
import { type HubProcess, samePorts, startHubProcess } from "../support/hub.process.ts";
import { openRelay, type Relay } from "../support/relay.ts";

/** Where everybody else finds the hubs: what passes there can be cut. */
const shownHost = "127.0.0.2";
const ownHost = "127.0.0.1";
const rate = "1000000000";
const rates = ["control", "join", "publish", "heartbeat", "stream"];
const where = ["--host", ownHost, "--public-host", shownHost];
const pace = ["--drain-ms", "500", "--heartbeat-ms", "500", "--lease-ms", "2500"];
const flags = [...where, ...pace, ...rates.flatMap((name) => [`--${name}-rate`, rate])];

/** What all write to. */
export const collection = "storm";

/** A hub with a database of its own. */
export interface TreeHub {
  readonly name: string;
  readonly invitation: string;
  session(): HubSession;
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Ends its database as a crash would; the hub starts it again by itself. */
  killDatabase(): void;
  /** Between it and all others. */
  readonly line: Pick<Relay, "tear" | "shut" | "open" | "sever">;
  /** Joins a node to it; closed when the test ends. */
  node(name: string): Promise<FoedusNode>;
  /** How it holds the stream, counted anew. */
  counted(): Promise<GetDigestResponse>;
}

/** Starts a hub; it ends with the test. */
export async function startTreeHub(
  folder: string,
  name: string,
  more: readonly string[] = [],
): Promise<TreeHub> {
  const data = join(folder, name);
  const own = [...flags, "--trust-domain", `${name}.storm`, ...more];
  let hub: HubProcess = await startHubProcess({ data, flags: own });
  const { ready } = hub;
  onTestFinished(async () => void (await hub.stop()));
  const [, ...lines] = await Promise.all([ready.web, ready.node, ready.join].map(relayTo));
  return {
    name,
    invitation: ready.invitation,
    session: () => openSession(data),
    kill: () => hub.kill(),
    async restart() {
      hub = await startHubProcess({ data, flags: [...own, ...samePorts(ready)] });
    },
    killDatabase: () => killPostmaster(data),
    line: together(lines),
    async node(named) {
      const place = join(folder, "nodes", named);
      const { secret: token, invitation } = await openSession(data).token(named);
      await joinHub({ invitation, token, folder: place, name: named });
      const node = await openNode(place);
      onTestFinished(() => node.close());
      return node;
    },
    async counted() {
      const stream = parseStream(collection);
      if (stream === undefined) throw new Error(`${collection} is no stream`);
      const client = openSession(data).as(CollectionService);
      return await client.getDigest({ stream, recount: true });
    },
  };
}

/** Lets a hub below relay. */
export async function letRelay(above: TreeHub, name: string): Promise<void> {
  await above.session().online([name], 0, AbortSignal.timeout(onlineMsMax));
  const grant = { requestId: randomUUID(), node: name, relays: true };
  await above.session().as(CollectionService).setGrant(grant);
}

const onlineMsMax = 120_000;

async function relayTo(shown: string): Promise<Relay> {
  const url = new URL(shown.includes("://") ? shown : `tcp://${shown}`);
  const port = Number(url.port);
  return await openRelay(`${ownHost}:${port}`, { host: shownHost, port });
}

function together(lines: readonly Relay[]): TreeHub["line"] {
  return {
    tear: (bytesMax) => lines.forEach((line) => line.tear(bytesMax)),
    shut: () => lines.forEach((line) => line.shut()),
    open: () => lines.forEach((line) => line.open()),
    sever: () => lines.forEach((line) => line.sever()),
  };
}

/** Its hub may be just about to start it again. */
function killPostmaster(data: string): void {
  const { root } = choosePlace(join(data, "postgres"), () => undefined);
  const found = readPostmaster(join(root, "data"));
  if (found !== undefined) process.kill(found.pid, "SIGKILL");
}
