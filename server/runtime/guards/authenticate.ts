import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { AgentCaller, Caller, PersonCaller } from "@foedus/kernel/caller.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Peer } from "../listen/peer.ts";
import { isForAnybody } from "./authorize.ts";
import type { ByCertificate } from "./certificate.ts";
import type { Guard, GuardCall } from "./guard.ts";
import { rateLimited } from "./limit.ts";
import type { RateTable } from "./rates.ts";

/** Who can tell callers apart; each is there once its capability runs. */
export interface Authenticators {
  readonly node: ByCertificate | undefined;
  readonly agents: AgentProofs | undefined;
  readonly person: ((secret: string) => Promise<PersonCaller | undefined>) | undefined;
}

/** Who can tell agents apart, over the connections of their nodes. */
export interface AgentProofs {
  /** @throws Fault for a token that proves nothing, or has ended. */
  authenticate(peer: Peer, token: string): Promise<AgentCaller>;
  /** @throws Fault once the newest token that was shown has ended. */
  requireStanding(peer: Peer, agent: AgentCaller): void;
}

/** Secrets that are nobody's, tried from one address. */
const guessRate = { perMinute: 60, burst: 30 };

/** Tokens of a node's agents that prove nothing: each costs a signature to find out. */
const wrongTokenRate = { perMinute: 600, burst: 300 };

/** Finds out who calls. Where anybody may, a caller without proof passes as a stranger. */
export function authenticate(who: () => Authenticators, rates: RateTable): Guard {
  return (call) => {
    if (call.door === "inside") return;
    if (call.door === "join") return void (call.caller = stranger("joiner", call.address));
    if (call.door === "node") return authenticateNode(call, who(), rates);
    const secret = secretOf(call.header);
    if (secret === undefined) return void (call.caller = stranger("visitor", call.address));
    return authenticatePerson(call, secret, who().person, rates);
  };
}

/** A node by its certificate, or one of its agents by a token besides. */
function authenticateNode(
  call: GuardCall,
  { node, agents }: Authenticators,
  rates: RateTable,
): void | Promise<void> {
  call.caller = nodeOrStranger(call, node);
  if (!call.header.has("authorization") || call.caller.kind !== "node") return undefined;
  return countingWrong(`token ${call.caller.id}`, rates, () => agentOver(call, agents));
}

/** Other limits come after this guard, and count what is known to be somebody's. */
async function countingWrong(
  key: string,
  rates: RateTable,
  prove: () => Promise<void>,
): Promise<void> {
  if (rates.left(key, wrongTokenRate) === 0) {
    throw rateLimited("wrong agents' tokens", wrongTokenRate, 1_000);
  }
  await prove().catch((error: unknown) => {
    rates.take(key, wrongTokenRate);
    throw error;
  });
}

async function agentOver(call: GuardCall, agents: AgentProofs | undefined): Promise<void> {
  const token = bearerOf(call.header);
  // Whoever shows something that is no token does not get what the node itself may.
  if (token === undefined) {
    throw new Fault(Reason.AGENT_TOKEN_INVALID, { detail: "the header holds no bearer token" });
  }
  if (call.peer === undefined || agents === undefined) {
    throw new Fault(Reason.NOT_AUTHENTICATED, { detail: "nobody here knows agents yet" });
  }
  call.caller = await agents.authenticate(call.peer, token);
}

const bearer = /^Bearer ([\w.~+/=-]{1,4096})$/i;
/** Secrets of sessions are short; whatever is longer is none, and costs no query. */
const sessionLettersMax = 512;

function bearerOf(header: Headers): string | undefined {
  return bearer.exec(header.get("authorization") ?? "")?.[1];
}

/** The session's secret: a cookie of the page, or a bearer token of a program. */
export function secretOf(header: Headers): string | undefined {
  const shown = bearerOf(header);
  if (shown !== undefined) return shown.length > sessionLettersMax ? undefined : shown;
  const cookie = header.get("cookie") ?? "";
  // Over TLS the page's cookie has the prefix that no other host can set; that one counts first.
  return cookieOf(cookie, "__Host-foedus_session") ?? cookieOf(cookie, "foedus_session");
}

function cookieOf(cookie: string, name: string): string | undefined {
  return new RegExp(`(?:^|;\\s*)${name}=([\\w.~+/=-]{1,512})(?:;|$)`).exec(cookie)?.[1];
}

function nodeOrStranger(call: GuardCall, node: Authenticators["node"]): Caller {
  try {
    if (call.peer === undefined || node === undefined) {
      throw new Fault(Reason.NOT_AUTHENTICATED, { detail: "nobody here knows certificates yet" });
    }
    return node(call.peer);
  } catch (error) {
    if (!isForAnybody(call.rpc.policy)) throw error;
    return stranger("visitor", call.address);
  }
}

async function authenticatePerson(
  call: GuardCall,
  secret: string,
  person: Authenticators["person"],
  rates: RateTable,
): Promise<void> {
  const guesses = `guess ${call.address}`;
  if (rates.left(guesses, guessRate) === 0) throw rateLimited("sign-in", guessRate, 1_000);
  const found = await person?.(secret);
  if (found === undefined) rates.take(guesses, guessRate);
  call.caller = found ?? stranger("visitor", call.address);
}
