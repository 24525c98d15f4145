// Who is in a populated federation: always the same for the same size, so that pictures and
// figures of two days can be laid side by side.
import { IntegrationEdge_Kind as Kind } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { NodeKind } from "@foedus/gen/foedus/node/v1/node_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** How a node of the fleet is to stand once everybody has told. */
export type Standing = "online" | "degraded" | "maintenance" | "offline";

/** What a project depends on. */
export interface Dependency {
  readonly on: string;
  readonly kind: Kind;
}

/** One node of the fleet, before it joins. */
export interface Planned {
  readonly name: string;
  readonly role: Role;
  readonly standing: Standing;
  /** What it tells of the round trip and of its clock, in milliseconds: nobody measures these. */
  readonly tripMs: number;
  readonly skewMs: number;
  readonly profile: {
    readonly kind: NodeKind;
    readonly project: string;
    readonly title: string;
    readonly description: string;
    readonly version: string;
    readonly software: string;
    readonly tags: string[];
    readonly url: string;
    readonly environment: string;
    readonly team: string;
    readonly domain: string;
  };
  /** Whether it speaks for its project: then it tells what that provides and depends on. */
  readonly speaks: boolean;
  readonly dependencies: readonly Dependency[];
  /** Whether it tells of itself at all; who does not has no trust score. */
  readonly tells: boolean;
}

/** Why those of the fleet are degraded that are. */
export const degradedReason = "its queue is longer than an hour of work";

const domains: Readonly<Record<string, readonly string[]>> = {
  commerce: ["checkout", "cart", "catalog", "pricing", "promotions"],
  payments: ["ledger", "invoices", "payouts", "risk", "tax"],
  identity: ["accounts", "sessions", "consent", "directory", "audit-trail"],
  logistics: ["orders", "warehouse", "routing", "carriers", "returns"],
  content: ["search", "media", "reviews", "recommend", "translate"],
  insight: ["metrics", "reports", "forecast", "experiments", "lineage"],
  support: ["desk", "chat", "knowledge", "feedback", "status-page"],
  platform: ["gateway", "scheduler", "mailer", "vaulted", "edge-cache"],
};
const teams: Readonly<Record<string, readonly string[]>> = {
  commerce: ["storefront", "basket"],
  payments: ["money"],
  identity: ["people", "trust"],
  logistics: ["fulfilment", "fleet-ops"],
  content: ["discovery", "studio"],
  insight: ["numbers"],
  support: ["care"],
  platform: ["foundation", "edge"],
};
const environments = ["production", "production", "staging", "production", "edge"] as const;
const short: Readonly<Record<string, string>> = { production: "prod", staging: "stage" };
const kinds = [Kind.API, Kind.PACKAGE, Kind.QUEUE, Kind.SHARED_SCHEMA, Kind.API] as const;
const languages = ["typescript", "go", "python", "rust", "kotlin"] as const;

/** Every domain before the second project of one: small federations are mixed, too. */
const projects = Array.from({ length: 5 }, (_, at) =>
  Object.entries(domains).flatMap(([domain, names]) => {
    const project = names[at];
    return project === undefined ? [] : [{ domain, project }];
  }),
).flat();

const nodesAProject = 4;

/** The fleet of so many nodes. */
export function fleetOf(count: number): Planned[] {
  const some = Math.ceil(count / nodesAProject);
  const present = projects.slice(0, Math.min(projects.length, Math.max(3, some)));
  return Array.from({ length: count }, (_, at) => planned(at, count, present));
}

type Present = readonly { readonly domain: string; readonly project: string }[];

function planned(at: number, count: number, present: Present): Planned {
  const turn = Math.floor(at / present.length);
  const place = at % present.length;
  const { domain, project } = present[place] ?? { domain: "platform", project: "gateway" };
  const environment = environments[turn % environments.length] ?? "production";
  const team = pick(teams[domain] ?? ["foundation"], place);
  const language = pick(languages, place);
  const number = String(turn + 1).padStart(count > 1_000 ? 3 : 2, "0");
  return {
    name: `${project}-${short[environment] ?? environment}-${number}`,
    role: at % 9 === 8 ? Role.OBSERVER : at % 31 === 30 ? Role.ADMIN : Role.MEMBER,
    standing: standingOf(at, count),
    tripMs: 2 + ((at * 37) % 90) + (environment === "edge" ? 120 : 0),
    skewMs: at % 23 === 19 ? 31_000 : (at * 13) % 40,
    profile: {
      kind: NodeKind.INSTANCE,
      project,
      title: `${titled(project)} ${number}`,
      description: `${titled(project)} of the ${team} team, in ${environment}.`,
      version: `${1 + (place % 4)}.${turn % 7}.${at % 5}`,
      software: "foedus-instance/0.1.0",
      tags: [domain, language, ...(environment === "edge" ? ["low-power"] : [])],
      url: `https://${project}.${environment}.example/`,
      environment,
      team,
      domain,
    },
    speaks: turn === 0,
    dependencies: turn === 0 ? dependenciesOf(place, present) : [],
    tells: at % 11 !== 6,
  };
}

function standingOf(at: number, count: number): Standing {
  if (count < 10) return "online";
  if (at % 29 === 20) return "maintenance";
  if (at % 17 === 11) return "offline";
  return at % 13 === 7 ? "degraded" : "online";
}

/** Two or three others, the same ones whenever it is asked. */
function dependenciesOf(place: number, present: Present): Dependency[] {
  const steps = place % 3 === 0 ? [1, 3, 8] : [1, 5];
  const seen = new Set([place]);
  return steps.flatMap((step, nth) => {
    const other = (place + step) % present.length;
    const on = present[other]?.project;
    if (on === undefined || seen.has(other)) return [];
    seen.add(other);
    return [{ on, kind: pick(kinds, place + nth) }];
  });
}

function pick<T>(list: readonly T[], at: number): T {
  const one = list[at % list.length];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
}

function titled(slug: string): string {
  const words = slug.replaceAll("-", " ");
  return `${words[0]?.toUpperCase()}${words.slice(1)}`;
}
