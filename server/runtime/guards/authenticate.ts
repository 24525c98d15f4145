import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Caller, NodeCaller, PersonCaller } from "@foedus/kernel/caller.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Peer } from "../listen/peer.ts";
import { isForAnybody } from "./authorize.ts";
import type { Guard, GuardCall } from "./guard.ts";
import { rateLimited } from "./limit.ts";
import type { RateTable } from "./rates.ts";

/** Who can tell callers apart; each is there once its capability runs. */
export interface Authenticators {
  readonly node: ((peer: Peer) => NodeCaller) | undefined;
  readonly person: ((secret: string) => Promise<PersonCaller | undefined>) | undefined;
}

/** Secrets that are nobody's, tried from one address. */
const guessRate = { perMinute: 60, burst: 30 };

/** Finds out who calls. Where anybody may, a caller without proof passes as a stranger. */
export function authenticate(who: () => Authenticators, rates: RateTable): Guard {
  return (call) => {
    if (call.door === "inside") return;
    if (call.door === "join") return void (call.caller = stranger("joiner", call.address));
    if (call.door === "node") return void (call.caller = nodeOrStranger(call, who().node));
    const secret = secretOf(call.header);
    if (secret === undefined) return void (call.caller = stranger("visitor", call.address));
    return authenticatePerson(call, secret, who().person, rates);
  };
}

/** The session's secret: a cookie of the page, or a bearer token of a program. */
export function secretOf(header: Headers): string | undefined {
  const bearer = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(header.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return bearer;
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
