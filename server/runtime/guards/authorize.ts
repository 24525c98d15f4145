import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { Policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  Audience,
  AudienceSchema,
  Role,
  RoleSchema,
} from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import type { Guard } from "./guard.ts";

/**
 * Holds the caller against the method's policy. Whose object it is, is a rule of the capability.
 */
export const authorize: Guard = ({ rpc, caller, door }) => {
  if (caller === undefined) throw new Error("authorize ran before authenticate");
  if (admits(rpc.policy, caller)) return;
  if (caller.kind === "visitor" || caller.kind === "joiner") {
    const detail = door === "web" ? "no session" : "no client certificate";
    throw new Fault(Reason.NOT_AUTHENTICATED, { detail });
  }
  const facts = { method: rpc.name, needs: needsOf(rpc.policy), caller: callerWords(caller) };
  throw new Fault(Reason.NOT_ALLOWED, facts);
};

/** Whether the policy lets the caller pass. */
export function admits(policy: Policy, caller: Caller): boolean {
  return (invited(policy, caller) || isForAnybody(policy)) && caller.role >= policy.leastRole;
}

function invited({ audience }: Policy, caller: Caller): boolean {
  // The hub's own loops act for everybody, so few methods list them as their audience.
  if (caller.kind === "inside" || audience.includes(caller.audience)) return true;
  return caller.kind === "person" && caller.operator && audience.includes(Audience.OPERATOR);
}

/** Whether even those may call who proved nothing; whoever is signed in may as well. */
export function isForAnybody(policy: Policy): boolean {
  const open = [Audience.VISITOR, Audience.JOINER].some((one) => policy.audience.includes(one));
  return open && policy.leastRole === Role.UNSPECIFIED;
}

function needsOf(policy: Policy): string {
  const audiences = policy.audience.map((one) =>
    AudienceSchema.value[one]?.localName.toLowerCase(),
  );
  const role = roleWord(policy.leastRole);
  return `${audiences.join(" or ")}${role === "" ? "" : ` with role ${role}`}`;
}

function callerWords(caller: Caller): string {
  return `${caller.kind} with role ${roleWord(caller.role) || "none"}`;
}

function roleWord(role: Role): string {
  return role === Role.UNSPECIFIED ? "" : (RoleSchema.value[role]?.localName.toLowerCase() ?? "");
}
