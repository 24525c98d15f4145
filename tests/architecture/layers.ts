/** A kind of file: which files are of it, and whom they may import. */
export interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Names of layers; its own is always among them. */
  readonly imports: readonly string[];
  /** Packages it may use; undefined for all that its package.json declares. */
  readonly packages?: readonly RegExp[];
}

const runtime = ["runtime", "storage", "kernel", "gen"];
const column = ["rules", "files", "store", "rpc", "loop", "flow", "column", ...runtime];
const messages = [/^@bufbuild\/protobuf(\/|$)/];
const pure = [...messages, /^node:crypto$/];
/** Certificates are computed: no clock, no network. docs/decisions/0020. */
const certificates = [/^@peculiar\/x509$/, /^reflect-metadata$/];

/** Who may import whom: house.md as amended by docs/decisions/0002. The first that fits counts. */
export const layers: readonly Layer[] = [
  { name: "gen", files: /^gen\//, imports: [] },
  {
    name: "kernel",
    files: /^server\/kernel\//,
    imports: ["gen"],
    packages: [...certificates, ...pure],
  },
  { name: "storage", files: /^server\/runtime\/storage\//, imports: runtime },
  { name: "runtime", files: /^server\/runtime\//, imports: runtime },
  { name: "index", files: /^server\/capabilities\/[^/]+\/index\.ts$/, imports: column },
  {
    name: "store",
    files: /^server\/capabilities\/[^/]+\/[^/]+\.store\.ts$/,
    // Of the runtime outside storage a store knows what a decision is, and nothing else.
    imports: ["rules", "storage", "kernel", "gen", "server/runtime/write.ts"],
    packages: [/^kysely$/, ...pure],
  },
  ...["rpc", "loop", "flow"].map((name) => ({
    name,
    files: new RegExp(`^server/capabilities/[^/]+/[^/]+\\.${name}\\.ts$`),
    imports: column,
  })),
  {
    name: "files",
    // What lies in the data folder and not in the database: the hub's own keys, the local session.
    files: /^server\/capabilities\/[^/]+\/(?:[^/]+\.files|recovery)\.ts$/,
    imports: ["rules", "kernel", "gen", "server/runtime/secret.file.ts"],
    packages: [/^node:(fs|path)$/, ...certificates, ...pure],
  },
  {
    name: "rules",
    files: /^server\/capabilities\/[^/]+\/[^/.]+\.ts$/,
    imports: ["kernel", "gen"],
    packages: [...certificates, ...pure],
  },
  { name: "list", files: /^server\/capabilities\.ts$/, imports: ["index", "runtime"] },
  // The one part of a hub that is somebody's node: docs/decisions/0052.
  { name: "uplink", files: /^server\/uplink\//, imports: ["sdk", ...runtime] },
  { name: "boot", files: /^server\/boot\.ts$/, imports: ["list", "uplink", ...runtime] },
  { name: "entry", files: /^server\/[^/]+\.ts$/, imports: ["boot", ...runtime] },
  { name: "sdk", files: /^clients\/sdk\//, imports: ["kernel", "gen"] },
  {
    name: "cli",
    files: /^clients\/cli\//,
    imports: ["sdk", "entry", "server/capabilities/identity/recovery.ts", "kernel", "gen"],
  },
  { name: "web", files: /^web\//, imports: ["gen"] },
];
