import type { DescService } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { createClient, type Client, type Transport } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { IssueAgentTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_agent_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import type { World } from "@foedus/kernel/world.ts";
import { FoedusError } from "./error.ts";
import { errorOf } from "./error.wire.ts";
import { linked, type Linked } from "./signals.ts";
import { agentCollections } from "./sync/agent.ts";
import type { Collections } from "./sync/collections.ts";
import { openCrew } from "./task/node.ts";
import type { Tasks } from "./task/tasks.ts";
import type { TaskWorker, Work, WorkOptions } from "./task/work.ts";
import { persist } from "./wire/persist.ts";

/** How an agent is to be. */
export interface AgentOptions {
  /** What it may do: an observer when left out, at most what its node may. */
  readonly role?: Role;
  /** How long each of its tokens lives: five minutes when left out, which is the most. */
  readonly lifetimeMs?: number;
  /** Ends the agent when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * A short-lived agent that acts through a node, with a token of its own instead of a certificate:
 * what it does is told apart from what its node does. Its token is renewed until it is closed.
 */
export interface FoedusAgent extends AsyncDisposable {
  readonly name: string;
  /** spiffe://<trust domain>/tenant/<tenant>/node/<node>/agent/<agent>. */
  readonly spiffeId: string;
  /** Aborts when the agent is closed, or its node ends; its reason is a FoedusError. */
  readonly signal: AbortSignal;
  /** A client of any service of the hub that admits agents, over its node's connection. */
  client<Desc extends DescService>(service: Desc): Client<Desc>;
  /**
   * Collections of its own, in memory: what it wrote is gone with it unless `settled` said that the
   * hub has it. Close them, or say `await using`.
   */
  collections(): Promise<Collections>;
  /** Asks for work in its own name; takes the role of a member. */
  readonly tasks: Tasks;
  /** Does tasks of a queue, as its node can; takes the role of a member. */
  work(options: WorkOptions, work: Work): TaskWorker;
  /** Ends it: its token is renewed no more, and its client takes no more calls. */
  close(): Promise<void>;
}

/** What an agent works with. */
export interface AgentKit {
  readonly transport: Transport;
  readonly world: World;
  readonly ended: AbortSignal;
  readonly moving: () => AbortSignal;
  hubNow(): number;
}

/** A token is renewed when a third of its life is left. */
const renewAt = 2 / 3;

/** Lets an agent act through a node. @throws FoedusError, for example AGENT_ROLE_TOO_HIGH */
export async function openAgent(
  kit: AgentKit,
  agent: string,
  options: AgentOptions,
): Promise<FoedusAgent> {
  const ending = linked(kit.ended, options.signal);
  const issue = issuer(kit, agent, options, ending.signal);
  let current = await issue();
  const own = showing(kit.transport, () => {
    ending.signal.throwIfAborted();
    return current.secret;
  });
  const identity = createClient(IdentityService, own);
  const renew = async () => {
    const newer = await issue();
    // Live streams go on with it; where this connection is a new one, there are none to tell.
    await identity.refreshAgentToken({ secret: newer.secret }).catch(() => undefined);
    current = newer;
  };
  const renewing = keepFresh(kit, ending, () => endMsOf(current), renew);
  const { world, moving, hubNow } = kit;
  const crew = openCrew({ world, transport: own, ended: ending.signal, moving, hubNow });
  const close = async () => {
    await crew.close();
    ending.abort(new FoedusError(Reason.NODE_CLOSED));
    await renewing;
    ending[Symbol.dispose]();
  };
  return {
    name: agent,
    spiffeId: current.token?.spiffeId ?? "",
    signal: ending.signal,
    client: (service) => createClient(service, own),
    collections: () => agentCollections(own, kit, ending.signal),
    tasks: crew.tasks,
    work: (wish, work) => crew.work(wish, work),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function issuer(
  { transport, world }: AgentKit,
  agent: string,
  { role, lifetimeMs = 0 }: AgentOptions,
  signal: AbortSignal,
): () => Promise<IssueAgentTokenResponse> {
  const identity = createClient(IdentityService, transport);
  const wish = { agent, role, lifetimeMs: BigInt(lifetimeMs) };
  return () =>
    persist(
      () => identity.issueAgentToken({ requestId: newId("req", world), ...wish }, { signal }),
      { world, signal },
    );
}

/** Renews until the agent ends; a node that may not have it any more ends it. */
async function keepFresh(
  { world, hubNow }: AgentKit,
  ending: Linked,
  endMs: () => number,
  renew: () => Promise<void>,
): Promise<void> {
  const { signal } = ending;
  while (!signal.aborted) {
    await world.timers.sleep((endMs() - hubNow()) * renewAt, signal);
    if (signal.aborted) return;
    await renew().catch((error: unknown) => ending.abort(errorOf(error)));
  }
}

function endMsOf({ token }: IssueAgentTokenResponse): number {
  return token?.expireTime === undefined ? 0 : timestampMs(token.expireTime);
}

/** The transport of the node, with the agent's token in each call. */
function showing(inner: Transport, secret: () => string): Transport {
  const shown = (header: HeadersInit | undefined) => {
    const all = new Headers(header);
    all.set("authorization", `Bearer ${secret()}`);
    return all;
  };
  return {
    unary: (method, signal, timeoutMs, header, ...rest) =>
      inner.unary(method, signal, timeoutMs, shown(header), ...rest),
    stream: (method, signal, timeoutMs, header, ...rest) =>
      inner.stream(method, signal, timeoutMs, shown(header), ...rest),
  };
}
