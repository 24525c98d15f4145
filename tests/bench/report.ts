import { cpus, totalmem } from "node:os";
import type { Bench } from "./context.ts";
import type { Look, Seen } from "./look.ts";
import type { Figures, Spread } from "./rounds.ts";

/** What was asked, and what was found. */
export type Result =
  | { readonly bench: Bench; readonly figures: readonly Figures[] }
  | { readonly look: Look; readonly seen: readonly Seen[] };

/** The page docs/reference/performance.md. */
export function page(
  results: readonly Result[],
  size: { readonly small: boolean; readonly rounds: number; readonly turnMs: number },
): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores, ${gigabytes} GB, ${process.platform} ${process.arch}`;
  const turn = `${size.rounds} rounds of ${size.turnMs / 1000} s a subject, after one that warms up`;
  return [
    "# Speed",
    "",
    "Written by `npm run bench`. Machines differ and are noisy, so read the ratios: subject and floor",
    "take turns, and each ratio is of two turns of the same round. Every figure is a median, with the",
    "least and the most behind it. CPU is that of the server's process alone: PostgreSQL and whoever",
    "asks are other processes on the same machine.",
    "",
    `Machine: ${machine}, Node ${process.versions.node}, bundled PostgreSQL with fsync.`,
    `Size: ${size.small ? "small" : "full"}; ${turn}.`,
    ...results.flatMap((result) => ["", ...section(result)]),
    "",
  ].join("\n");
}

/** The page with the sections of these results put in place of those of the same titles. */
export function pageWith(old: string, results: readonly Result[]): string {
  const [head = "", ...sections] = old.trimEnd().split(/^(?=## )/m);
  const fresh = new Map(results.map((result) => [titleOf(result), section(result).join("\n")]));
  const kept = sections.map((text) => {
    const title = text.slice("## ".length, text.indexOf("\n"));
    const newer = fresh.get(title);
    fresh.delete(title);
    return newer ?? text.trimEnd();
  });
  return `${[head.trimEnd(), ...kept, ...fresh.values()].join("\n\n")}\n`;
}

function titleOf(result: Result): string {
  return "bench" in result ? result.bench.title : result.look.title;
}

function section(result: Result): string[] {
  return "bench" in result ? ofBench(result) : ofLook(result);
}

function ofLook({ look, seen }: Extract<Result, { look: Look }>): string[] {
  return [
    `## ${look.title}`,
    "",
    `${look.what[0]?.toUpperCase()}${look.what.slice(1)}.`,
    "",
    "| figure | unit | best | median | worst | target |",
    "|---|---|---|---|---|---|",
    ...seen.map(({ name, unit, best, median, worst, target }) => {
      const cells = [name, unit, ...[best, median, worst].map(digitsOrDash), target || "-"];
      return `| ${cells.join(" | ")} |`;
    }),
  ];
}

/** A figure as it is shown; a dash for what was not measured. */
export function digitsOrDash(value: number | undefined): string {
  return value === undefined ? "-" : digits(value);
}

function ofBench({ bench, figures }: Extract<Result, { bench: Bench }>): string[] {
  return [
    `## ${bench.title}`,
    "",
    `${bench.what[0]?.toUpperCase()}${bench.what.slice(1)}.`,
    ...(bench.target === "" ? [] : ["", `Target: ${bench.target}.`]),
    "",
    "| subject | a second | CPU µs each | of the floor: rate | of the floor: CPU |",
    "|---|---|---|---|---|",
    ...figures.map(row),
  ];
}

function row({ name, perSecond, cpuUs, ratio }: Figures): string {
  const cells = [name, shown(perSecond), shown(cpuUs), shown(ratio?.rate), shown(ratio?.cpu)];
  return `| ${cells.join(" | ")} |`;
}

/** "1,234 (1,100-1,300)"; a dash for what was not measured. */
function shown(spread: Spread | undefined): string {
  if (spread === undefined) return "-";
  return `${digits(spread.median)} (${digits(spread.min)}-${digits(spread.max)})`;
}

function digits(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
