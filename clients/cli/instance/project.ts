import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  GraphSummarySchema,
  PresenceSchema,
} from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { basename } from "node:path";
import type { ToldEdge } from "./edges.ts";
import { edgesOf } from "./edges.ts";
import { lastCommit, newestTags } from "./git.ts";
import { listProject } from "./listing.ts";
import { readManifests } from "./manifests/read.ts";
import { localPackages } from "./neighbours.ts";
import type { Reports } from "./reports/read.ts";
import { type ReportSummaries, summariesOf } from "./reports/summary.ts";
import type { LanguageSum, Scanner } from "./scan.ts";

/** All that a project's folder tells, at one moment. */
export interface ProjectView {
  readonly title: string;
  readonly description: string;
  readonly version: string;
  /** Words to find it by: its main languages. */
  readonly tags: readonly string[];
  readonly presence: MessageInitShape<typeof PresenceSchema>;
  readonly summary: MessageInitShape<typeof GraphSummarySchema>;
  readonly edges: readonly ToldEdge[];
  /** What the reports of its tools come to. */
  readonly summaries: ReportSummaries;
  /** What of the folder cannot be read, and why. */
  readonly problems: readonly string[];
}

/** Which project to read, and with what. */
export interface ProjectQuestion {
  readonly folder: string;
  readonly slug: string;
  /** How people call it; the manifest's or the folder's name when left out. */
  readonly title: string | undefined;
  readonly url: string;
  readonly scanner: Scanner;
  readonly reports: Reports;
  /** Packages that other nodes say they provide. */
  readonly provided: ReadonlySet<string>;
  readonly nowMs: number;
}

/** What this program tells of every project. */
const capabilities = [
  "graph.summary",
  "integration.edge",
  "telemetry",
  "audit.summary",
  "security.summary",
];
const slugLengthMax = 63;
const tagsMax = 3;

/** Reads a project; what has no source stays unset. */
export async function readProject(question: ProjectQuestion): Promise<ProjectView> {
  const { folder, slug, scanner, provided, nowMs, url } = question;
  const { paths, repository } = await listProject(folder);
  const [scan, manifests, { reports, problems }] = await Promise.all([
    scanner.scan(folder, paths),
    readManifests(folder, paths),
    question.reports.read(),
  ]);
  const commit = repository && (await lastCommit(folder));
  const tags = repository && (await newestTags(folder));
  const [own] = manifests.filter(({ path }) => !path.includes("/"));
  const title = question.title ?? titleOf(slug);
  const { version = "", description = "" } = own ?? {};
  const { files, lines, languages, leftOut, digest } = scan;
  return {
    title,
    description,
    version,
    tags: tagsOf(languages),
    presence: {
      projectSlug: slug,
      title,
      url,
      version,
      capabilities,
      packages: manifests.flatMap((one) =>
        one.name === undefined
          ? []
          : [{ name: one.name, version: one.version ?? "", manifest: one.path }],
      ),
      // Marked sensitive in the schema: it stays here.
      localPath: folder,
    },
    summary: {
      projectSlug: slug,
      files: BigInt(files),
      lines: BigInt(lines),
      languages: languages.map(languageCount),
      lastCommit: commit && { ...commit, timeMs: BigInt(commit.timeMs) },
      tags: tags ?? [],
      shallow: repository?.shallow,
      leftOut: [...leftOut],
      scannedMs: BigInt(nowMs),
      digest,
    },
    edges: edgesOf(slug, manifests, await localPackages(folder, repository, manifests), provided),
    summaries: summariesOf(slug, reports),
    problems,
  };
}

/** A folder's name as a slug, e.g. "My App" -> "my-app". */
export function slugOf(folder: string): string {
  const slug = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, slugLengthMax)
    .replaceAll(/^-+|-+$/g, "");
  return slug === "" ? "project" : slug;
}

function languageCount({ language, files, lines }: LanguageSum) {
  return { language, files: BigInt(files), lines: BigInt(lines) };
}

function tagsOf(languages: readonly { readonly language: string }[]): string[] {
  const named = languages.filter(({ language }) => language !== "Other");
  return named.slice(0, tagsMax).map(({ language }) => language.toLowerCase());
}

function titleOf(slug: string): string {
  return slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll("-", " ");
}
