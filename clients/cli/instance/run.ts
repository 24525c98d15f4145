import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { isHubOf, parseSpiffe } from "@foedus/kernel/spiffe.ts";
import type { World } from "@foedus/kernel/world.ts";
import { GraphSummaryRequestedSchema } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { payloadOf } from "@foedus/sdk/event/families.ts";
import { errorOf } from "@foedus/sdk/error.wire.ts";
import type { Notice } from "@foedus/sdk/link/notice.ts";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { openNode } from "@foedus/sdk/open.ts";
import { type Bell, openBell } from "./bell.ts";
import { openPriorities } from "./priorities.ts";
import { quoted } from "../shell.ts";
import type { ProjectQuestion, ProjectView } from "./project.ts";
import { readProject } from "./project.ts";
import { openScanner } from "./scan.ts";
import { openReports } from "./reports/read.ts";
import type { Known } from "./tell.ts";
import { readKnown, summedIn, tellHealth, tellProject, tellTelemetry } from "./tell.ts";

/** Which project speaks, from which folder of keys. */
export interface InstanceOptions {
  readonly project: string;
  readonly slug: string;
  readonly title: string | undefined;
  readonly url: string;
  readonly environment: string;
  readonly team: string;
  readonly domain: string;
  readonly software: string;
  /** The node's folder; it joined before. */
  readonly folder: string;
  readonly world: World;
  readonly signal: AbortSignal;
  readonly notice: (notice: Notice) => void;
  /** Told when the project was read and told, e.g. for a log. */
  readonly told: (view: ProjectView) => void;
  /** What else goes on with the node, from before it has reached the hub. */
  readonly beside?: (node: FoedusNode) => Promise<void>;
}

const projectEveryMs = 60_000;
const telemetryEveryMs = 30_000;

/**
 * A change is noticed this soon; a large project is looked at more seldom, so that looking stays
 * cheap.
 */
const lookEveryMs = 3_000;
const lookShare = 20;

/** Runs a node for a folder until the signal aborts or the hub ends the node. */
export async function runInstance(options: InstanceOptions): Promise<void> {
  const { world, signal, notice } = options;
  const degraded: string[] = [];
  await using node = await openNode(options.folder, {
    world,
    notice,
    signal,
    purpose: `foedus instance run --project ${quoted(options.project)}`,
    health: () => ({ healthy: degraded.length === 0, reasons: degraded }),
  });
  const beside = options.beside?.(node);
  try {
    await node.ready();
    const bell = openBell(world);
    await Promise.all([
      keepProject(node, options, degraded, bell),
      keepTelemetry(node, options),
      keepListening(node, bell),
      beside,
    ]);
  } catch (error) {
    if (signal.aborted) return;
    throw node.signal.aborted ? node.signal.reason : error;
  }
}

async function keepTelemetry(
  node: FoedusNode,
  { world: { clock, timers }, project }: InstanceOptions,
): Promise<void> {
  const startMs = clock.monotonic();
  const priorities = openPriorities(project);
  while (!node.signal.aborted) {
    const current = await priorities.of(node.hubNow());
    await tellTelemetry(node, clock.monotonic() - startMs, current);
    await timers.sleep(telemetryEveryMs, node.signal);
  }
}

/** Rings whenever the hub asks for summaries; only its own word counts, and no peer's. */
async function keepListening(node: FoedusNode, bell: Bell): Promise<void> {
  const types = ["graph.summary.requested"];
  const domain = parseSpiffe(node.spiffeId)?.trustDomain ?? "";
  for await (const heard of node.subscribe({ types, verify: true, signal: node.signal })) {
    if (heard.kind !== "event" || !isHubOf(domain, heard.event.source)) continue;
    if (payloadOf(heard.event, GraphSummaryRequestedSchema) !== undefined) bell.ring();
  }
}

/** Looks at the project again and again, and tells it each minute and whenever it changed. */
async function keepProject(
  node: FoedusNode,
  options: InstanceOptions,
  degraded: string[],
  bell: Bell,
): Promise<void> {
  const { clock } = options.world;
  const [scanner, reports] = [openScanner(), openReports(options.project)];
  let known: Known = { edges: new Map(), summed: new Set(), provided: new Set() };
  let words = "";
  let toldMs = -Infinity;
  let asked = false;
  while (!node.signal.aborted) {
    const startMs = clock.monotonic();
    const due = asked || startMs - toldMs >= projectEveryMs;
    if (due) known = await readKnown(node).catch(() => known);
    const view = await look(
      node,
      { ...options, scanner, reports, provided: known.provided },
      degraded,
    );
    const now = view === undefined ? degraded.join() : wordsOf(view);
    if (due || now !== words) {
      if (view !== undefined) known = await tellAll(node, options, view, known);
      await tellHealth(node, degraded);
      [words, toldMs] = [now, startMs];
    }
    const tookMs = clock.monotonic() - startMs;
    asked = await bell.sleep(Math.max(lookEveryMs, tookMs * lookShare), node.signal);
  }
}

/** Undefined while the folder cannot be read, which then is why the instance is degraded. */
async function look(
  node: FoedusNode,
  options: InstanceOptions & Pick<ProjectQuestion, "scanner" | "reports" | "provided">,
  degraded: string[],
): Promise<ProjectView | undefined> {
  const { project: folder, slug, title, url, scanner, reports, provided } = options;
  degraded.length = 0;
  try {
    const nowMs = node.hubNow();
    const question = { folder, slug, title, url, scanner, reports, provided, nowMs };
    const view = await readProject(question);
    degraded.push(...view.problems);
    return view;
  } catch (error) {
    degraded.push(errorOf(error).message);
    return undefined;
  }
}

async function tellAll(
  node: FoedusNode,
  options: InstanceOptions,
  view: ProjectView,
  known: Known,
): Promise<Known> {
  const { slug: project, software, url, environment, team, domain } = options;
  const { title, description, version } = view;
  const said = { project, software, url, environment, team, domain };
  const found = { title, description, version, tags: [...view.tags] };
  await node.register({ kind: NodeKind.INSTANCE, ...said, ...found });
  await tellProject(node, view, known);
  options.told(view);
  const edges = view.edges.map(({ subject, edge }) => {
    return [subject, { fromProject: project, toPackage: edge.toPackage ?? "" }] as const;
  });
  return { ...known, edges: new Map(edges), summed: new Set(summedIn(view)) };
}

/** Two views with the same words tell the same; when they were read does not count. */
function wordsOf({ summary, edges, presence, summaries, problems }: ProjectView): string {
  const commit = summary.lastCommit?.hash ?? "";
  const { audit, security } = summaries;
  const digests = [audit, security].map((sum) => sum?.reports?.map(({ digest }) => digest));
  const { digest, tags } = summary;
  return JSON.stringify([digest, commit, tags, edges, presence.packages, digests, problems]);
}
