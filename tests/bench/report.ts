import { cpus, totalmem } from "node:os";
import type { Bench } from "./context.ts";
import type { Figures, Spread } from "./rounds.ts";

/** The page docs/reference/performance.md. */
export function page(
  results: readonly { readonly bench: Bench; readonly figures: readonly Figures[] }[],
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
    ...results.flatMap(({ bench, figures }) => ["", ...section(bench, figures)]),
    "",
  ].join("\n");
}

function section(bench: Bench, figures: readonly Figures[]): string[] {
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
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
