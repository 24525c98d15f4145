import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { GetNodeResponseSchema, NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { keyIdOf } from "@foedus/kernel/signing.ts";
import { utcText } from "@foedus/kernel/time.ts";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";
import { dim, strong, unknown, type Piece } from "../paint.ts";
import { worksOn } from "../task/works-on.ts";
import { agoText } from "../words/span.ts";
import { seenText, skewOf, stateWord, tripOf } from "./row.ts";

/** All that is known of one node. */
export async function showNode(context: CliContext, name: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(NodeService).getNode({ node: name }, hub.call);
  await print.answer(GetNodeResponseSchema, answer, async () => {
    const { node } = answer;
    if (node === undefined) return;
    const request = { nodeIds: [node.id] };
    const { identities } = await hub.as(IdentityService).listIdentities(request, hub.call);
    const work = await worksOn(hub, node.id);
    const nowMs = hub.nowMs();
    await print.pairs([
      ...standing(node, nowMs),
      ...(work === "" ? [] : [["Works on", work] as const]),
      ...profile(node),
      ...identity(node, identities[0], nowMs),
    ]);
  });
}

type Pair = readonly [string, Piece];

function standing(node: Node, nowMs: number): Pair[] {
  const { state, stateReasons } = node;
  return [
    ["Node", strong(node.name)],
    ["State", stateWord(state)],
    ["Since", when(node.stateTime, nowMs)],
    ...stateReasons.map((reason): Pair => ["Because", reason]),
    ...waiting(node),
    ["Last seen", seenText(node, nowMs)],
    ["Round trip", tripOf(node)],
    ["Clock", skewOf(node)],
  ];
}

/** What a node that is not well waits for, and what ends the wait. */
function waiting({ state, name }: Node): Pair[] {
  if (state === NodeState.OFFLINE) {
    return [
      ["Waits for", "a heartbeat: start it where it joined, then `foedus doctor --node FOLDER`"],
    ];
  }
  if (state !== NodeState.MAINTENANCE) return [];
  return [["Waits for", `an admin: foedus node maintenance off ${name}`]];
}

function profile({ profile: told }: Node): Pair[] {
  const or = (text: string | undefined): Piece => text || unknown;
  return [
    ["Project", or(told?.project)],
    ["Environment", or(told?.environment)],
    ["Team", or(told?.team)],
    ["Domain", or(told?.domain)],
    ["Title", or(told?.title)],
    ["About", or(told?.description)],
    ["Version", or(told?.version)],
    ["Software", or(told?.software)],
    ["Tags", told === undefined || told.tags.length === 0 ? dim("none") : told.tags.join(", ")],
    ["Address", told?.url || dim("none")],
  ];
}

function identity(node: Node, known: Identity | undefined, nowMs: number): Pair[] {
  return [
    ["Role", roleName(node.role)],
    ["Registered", when(node.createTime, nowMs)],
    ["Certificate ends", when(known?.certificateExpireTime, nowMs)],
    ["Signs with key", known === undefined ? unknown : hex(keyIdOf(known.identityKey))],
    ["SPIFFE id", node.spiffeId],
    ["Node id", node.id],
  ];
}

function when(time: Timestamp | undefined, nowMs: number): Piece {
  if (time === undefined) return unknown;
  const ms = timestampMs(time);
  return `${agoText(ms, nowMs)} (${utcText(ms)})`;
}
