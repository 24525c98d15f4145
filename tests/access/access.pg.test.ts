// Every rpc x every role x every audience x another's object x another tenant, from the schema.
import { randomUUID } from "node:crypto";
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { getOption, toJsonString } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { files } from "@foedus/gen/foedus/files.js";
import { Audience, Role, policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startLocalHub, type LocalHub } from "../support/hub.local.ts";
import { elsewhere, everybody, home, type Standing } from "./callers.ts";
import { freshObjects, joinedNode } from "./objects.ts";
import {
  methodKey,
  ownedByNode,
  personsNeed,
  sampledMethods,
  sampleOf,
  type Objects,
} from "./samples.ts";

const all = files
  .flatMap((file) => file.services)
  .filter((service) => service.typeName.startsWith("foedus."))
  .flatMap((service) => service.methods);
/** Nobody asks a stream of requests in process; their policies are held to a twin's below. */
const methods = all.filter((method) => method.methodKind !== "client_streaming");
const twins: Record<string, string> = { "EventService/PublishStream": "EventService/Publish" };

let local: LocalHub;
let otherNodeId = "";
beforeAll(async () => {
  local = await startLocalHub({ values: { control_rate: "100000", join_rate: "100000" } });
  otherNodeId = (await joinedNode(local.hub)).nodeId;
});
afterAll(() => local.stop());

it("has a sample for each method, and none for a method that is gone", () => {
  expect(sampledMethods().toSorted()).toEqual(all.map(methodKey).toSorted());
});

it("holds a method that takes a stream to the policy of its unary twin", () => {
  for (const method of all.filter((one) => !methods.includes(one))) {
    const twin = all.find((one) => methodKey(one) === twins[methodKey(method)]);
    if (twin === undefined) throw new Error(`${methodKey(method)} has no unary twin`);
    expect(getOption(method, policy)).toEqual(getOption(twin, policy));
  }
});

it.each(methods.map((method) => ({ name: methodKey(method), method })))(
  "$name lets in whom its policy names, and nobody else",
  async ({ method }) => {
    for (const standing of await standings()) {
      const { reason } = await call(method, standing, standing.objects);
      const refused = reason === Reason.NOT_ALLOWED || reason === Reason.NOT_AUTHENTICATED;
      expect({ who: standing.label, letIn: !refused }).toEqual({
        who: standing.label,
        letIn: mayKnock(method, standing),
      });
    }
  },
);

it.each(methods.map((method) => ({ name: methodKey(method), method })))(
  "$name shows nothing of a tenant to another one",
  async ({ method }) => {
    for (const standing of await standings()) {
      if (standing.caller.tenant !== elsewhere) continue;
      const { text } = await call(method, standing, standing.objects);
      expect(text).not.toContain(standing.objects.nodeName);
      // An id that the caller named itself may come back in "there is no … here", and only there.
      expect(text.replace(/^there is no .* here$/, "")).not.toContain(standing.objects.nodeId);
    }
  },
);

it.each(ownedByNode)("%s of another node is refused to a node of any role", async (name) => {
  const method = methods.find((one) => methodKey(one) === name);
  if (method === undefined) throw new Error(`${name} is gone`);
  for (const standing of await standings()) {
    const isOther = standing.caller.kind === "node" && standing.caller.nodeId === otherNodeId;
    if (!isOther || standing.caller.tenant !== home || !mayKnock(method, standing)) continue;
    const { reason } = await call(method, standing, standing.objects);
    expect(reason).toBe(Reason.NOT_YOURS);
  }
});

/** Everybody, each with objects that nobody has touched. */
async function standings(): Promise<(Standing & { objects: Objects })[]> {
  const objects = await freshObjects(local.hub);
  const nowMs = local.hub.storage.nowMs();
  return everybody(objects.nodeId, otherNodeId, nowMs).map((one) => ({ ...one, objects }));
}

/** The expectation, written apart from the guard that it tests. */
function mayKnock(method: DescMethod, { caller }: Standing): boolean {
  const { audience, leastRole } = getOption(method, policy);
  const forAnybody = audience.some((one) => one === Audience.JOINER || one === Audience.VISITOR);
  if (forAnybody && leastRole === Role.UNSPECIFIED) return true;
  // A rule asks for more than the policy only once it has found what the call is about.
  const ruled = caller.kind === "person" && caller.tenant === home;
  const least = ruled ? (personsNeed[methodKey(method)] ?? leastRole) : leastRole;
  const operates = caller.kind === "person" && caller.operator;
  const invited =
    audience.includes(caller.audience) || (operates && audience.includes(Audience.OPERATOR));
  return invited && caller.role >= least;
}

interface Outcome {
  readonly reason: Reason | undefined;
  /** All that came back, as text. */
  readonly text: string;
}

async function call(method: DescMethod, standing: Standing, objects: Objects): Promise<Outcome> {
  const request = sampleOf(method, objects, randomUUID());
  if (request === undefined) throw new Error(`${methodKey(method)} has no sample`);
  const ending = new AbortController();
  const invoke = callsOf(standing)(method);
  try {
    const isTwoWay = method.methodKind === "bidi_streaming";
    const asked = isTwoWay ? onceOf(request) : request;
    const answer = invoke(asked, { signal: ending.signal });
    return { reason: undefined, text: await textOf(method, answer) };
  } catch (error) {
    if (!(error instanceof Fault)) return { reason: undefined, text: String(error) };
    return { reason: error.reason, text: error.message };
  } finally {
    ending.abort();
  }
}

/** A stream of one message that stays open. */
async function* onceOf(request: Message): AsyncGenerator<Message, void, void> {
  yield request;
  await new Promise(() => undefined);
}

type Invoke = (
  request: Message | AsyncIterable<Message>,
  options: { readonly signal: AbortSignal },
) => unknown;

/** The hub's methods as the caller may call them, by the schema. */
function callsOf({ caller }: Standing): (method: DescMethod) => Invoke {
  return (method) => {
    const client = local.hub.calls.as(method.parent, caller) as Record<string, Invoke>;
    const invoke = client[method.localName];
    if (invoke === undefined) throw new Error(`${methodKey(method)} cannot be called`);
    return invoke;
  };
}

/** A unary answer, or the first item of a stream. */
async function textOf(method: DescMethod, answer: unknown): Promise<string> {
  if (method.methodKind === "unary") return print(method, (await answer) as Message);
  for await (const item of answer as AsyncIterable<Message>) return print(method, item);
  return "";
}

function print(method: DescMethod, message: Message): string {
  return toJsonString(method.output, message);
}
