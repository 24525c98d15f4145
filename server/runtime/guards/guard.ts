import type { Caller } from "@foedus/kernel/caller.ts";
import type { Peer } from "../listen/peer.ts";
import type { Rpc } from "./rpc.ts";

/** Which listener a call came by; `inside` when a capability asks another. */
export type Door = "node" | "join" | "web" | "inside";

/** A call before its body is read: all that a guard may look at. */
export interface GuardCall {
  readonly rpc: Rpc;
  readonly door: Door;
  /** The address of the other side. */
  readonly address: string;
  /** Who the TLS session belongs to, on the node listener. */
  readonly peer: Peer | undefined;
  /** The name it called us by: `Host`, or `:authority` of HTTP/2. */
  readonly host: string | undefined;
  readonly header: Headers;
  /** The header of the answer. */
  readonly answer: Headers;
  /** Left by `authenticate`; there from the start when the call comes from inside. */
  caller: Caller | undefined;
}

/** Lets a call pass, or throws a Fault. Runs before the body is read. */
export type Guard = (call: GuardCall) => void | Promise<void>;

/** Runs the guards in order; stays synchronous unless one of them has to wait. */
export function runGuards(
  guards: readonly Guard[],
  call: GuardCall,
  from = 0,
): void | Promise<void> {
  for (let at = from; at < guards.length; at++) {
    const waits = guards[at]?.(call);
    if (waits instanceof Promise) return waits.then(() => runGuards(guards, call, at + 1));
  }
}
