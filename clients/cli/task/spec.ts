import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { TaskSpecSchema, type Payload, type TaskSpec } from "@foedus/gen/foedus/task/v1/task_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { HubClient } from "../hub-client.ts";
import type { Cost, Later, Pairs } from "./read.ts";

/** What a task may be told beside its queue, kind and payload. */
export interface TermOptions {
  readonly priority?: number;
  readonly key?: string;
  readonly unique?: string;
  readonly after?: readonly string[];
  readonly at?: number;
  readonly in?: number;
  readonly need?: readonly string[];
  readonly node?: string;
  readonly needLabel?: Pairs;
  readonly model?: string;
  readonly timeout?: number;
  readonly startWithin?: number;
  readonly within?: number;
  readonly heartbeat?: number;
  readonly deadline?: Later;
  readonly attempts?: number;
  readonly retryIn?: number;
  readonly retryMax?: number;
  readonly finalOn?: readonly string[];
  readonly label?: Pairs;
  readonly budget?: Cost;
}

/** What is asked for, in the schema's words. @throws Fault COMMAND_INVALID */
export async function specOf(
  hub: HubClient,
  what: { readonly queue: string; readonly kind: string; readonly payload: Payload | undefined },
  options: TermOptions,
): Promise<TaskSpec> {
  const nowMs = hub.nowMs();
  const { priority = 0, key = "", unique = "", after = [], label = {}, budget } = options;
  return create(TaskSpecSchema, {
    ...what,
    priority,
    fairnessKey: key,
    uniqueKey: unique,
    dependsOn: [...after],
    labels: { ...label },
    startTime: instantOf(startMs(options, nowMs)),
    deadline: instantOf(options.deadline?.(nowMs)),
    needs: await needsOf(hub, options),
    timeouts: {
      scheduleToStart: spanOf(options.startWithin),
      startToClose: spanOf(options.timeout),
      scheduleToClose: spanOf(options.within),
      heartbeat: spanOf(options.heartbeat),
    },
    ...retryOf(options),
    ...(budget === undefined ? {} : { budget }),
  });
}

function startMs({ at, in: later }: TermOptions, nowMs: number): number | undefined {
  if (at !== undefined && later !== undefined)
    throw invalid("--at and --in both say when: keep one");
  return at ?? (later === undefined ? undefined : nowMs + later);
}

type Init = MessageInitShape<typeof TaskSpecSchema>;

/** A policy counts as a whole, so that none is sent where nothing is said. */
function retryOf({ attempts, retryIn, retryMax, finalOn }: TermOptions): Pick<Init, "retry"> {
  const said = [attempts, retryIn, retryMax, finalOn].some((each) => each !== undefined);
  if (!said) return {};
  return {
    retry: {
      maximumAttempts: attempts ?? 0,
      initialInterval: spanOf(retryIn),
      maximumInterval: spanOf(retryMax),
      nonRetryableReasons: [...(finalOn ?? [])],
    },
  };
}

async function needsOf(hub: HubClient, options: TermOptions): Promise<Init["needs"]> {
  const { need = [], node, needLabel = {}, model = "" } = options;
  if (need.length + Object.keys(needLabel).length === 0 && node === undefined && model === "") {
    return undefined;
  }
  const nodeId = node === undefined ? "" : await nodeIdOf(hub, node);
  return { nodeId, capabilities: [...need], labels: { ...needLabel }, model };
}

/** The id of a node by its name or id. @throws Fault NOT_FOUND */
export async function nodeIdOf(hub: HubClient, node: string): Promise<string> {
  const answer = await hub.as(NodeService).getNode({ node }, hub.call);
  if (answer.node === undefined) throw new Fault(Reason.NOT_FOUND, { object: `node ${node}` });
  return answer.node.id;
}

function spanOf(ms: number | undefined) {
  return ms === undefined ? undefined : durationFromMs(ms);
}

function instantOf(ms: number | undefined) {
  return ms === undefined ? undefined : timestampFromMs(ms);
}

function invalid(problem: string): Fault {
  return new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus task submit" });
}
