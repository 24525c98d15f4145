import type { JsonValue } from "@bufbuild/protobuf";
import { NodePulseSchema, NodeSchema, type Node } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { NodeState } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { watchNodes, type Seen } from "@foedus/sdk/node/watch.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { interruptions } from "../interruptions.ts";
import { dim, strong, warn } from "../paint.ts";
import { jsonOf } from "../print.ts";
import { clockText } from "../words/clock.ts";
import { counted } from "../words/plural.ts";
import { nodeHead, nodeRow, stateWord } from "./row.ts";

/** Shows the nodes and each change, through interruptions, until Ctrl-C. */
export async function watch(context: CliContext): Promise<void> {
  const { print, signal, world } = context;
  const hub = await context.hub();
  const client = hub.as(NodeService);
  // A hub that is not there now is a failure; one that goes meanwhile is waited for.
  await client.listNodes({ page: { size: 1 } }, hub.call);
  const told = interruptions(context, hub);
  const screen = openScreen(context, hub);
  for await (const seen of watchNodes({ world, client, interrupted: told.lost }, signal)) {
    told.back();
    if (print.output === "json") print.json(jsonOfSeen(seen));
    else await screen(seen);
  }
}

function openScreen({ print }: CliContext, hub: HubClient): (seen: Seen) => Promise<void> {
  const states = new Map<string, NodeState>();
  return async (seen) => {
    if (seen.kind === "gap") {
      print.line(warn(`gap: changes are missing (${seen.reason}); the nodes as they are now:`));
    } else if (seen.kind === "nodes") {
      states.clear();
      for (const node of seen.nodes) states.set(node.id, node.state);
      await tellNodes(print, seen.nodes, hub.nowMs());
    } else if (seen.kind === "changed") {
      tellChange(print, seen.node, states.get(seen.node.id), hub.nowMs());
      states.set(seen.node.id, seen.node.state);
    }
  };
}

async function tellNodes(
  print: CliContext["print"],
  nodes: readonly Node[],
  nowMs: number,
): Promise<void> {
  if (nodes.length > 0)
    await print.table(
      nodeHead,
      nodes.map((node) => nodeRow(node, nowMs)),
    );
  const what = nodes.length === 0 ? "No node has joined yet" : counted(nodes.length, "node");
  print.note(dim(`${what}. Waiting for changes; Ctrl-C ends.`));
}

function tellChange(
  { line }: CliContext["print"],
  { name, state, stateReasons }: Node,
  was: NodeState | undefined,
  nowMs: number,
): void {
  const why = stateReasons.length === 0 ? "" : `: ${stateReasons.join("; ")}`;
  const time = dim(`${clockText(nowMs)}  `);
  if (was === undefined) return line(time, strong(name), " is new and ", stateWord(state), why);
  if (was === state) return line(time, strong(name), " told something new of itself");
  line(time, strong(name), " was ", stateWord(was), ", is ", stateWord(state), why);
}

function jsonOfSeen(seen: Seen): JsonValue {
  if (seen.kind === "nodes") return { nodes: seen.nodes.map((node) => jsonOf(NodeSchema, node)) };
  if (seen.kind === "changed") return { changed: jsonOf(NodeSchema, seen.node) };
  if (seen.kind === "gap") return { gap: { reason: seen.reason } };
  return { pulses: seen.pulses.map((pulse) => jsonOf(NodePulseSchema, pulse)) };
}
