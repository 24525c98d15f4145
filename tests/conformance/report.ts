// `node tests/conformance/report.ts`: runs the suite, and writes its figures into
// docs/conformance.md.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { peers } from "./interop/peers.ts";
import { makeCalls } from "./suite/client.ts";
import { runSuite, type Side, type Verdict } from "./suite/runner.ts";
import { serveWishes } from "./suite/server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = "docs/conformance.md";

/** Runs the suite against one side of ours. */
export function examine(side: Side): Promise<Verdict> {
  return runSuite(side, side === "server" ? serveWishes : makeCalls);
}

/** What the page says, without the spaces that the formatter puts in. */
export function pageSays(): string {
  return bare(readFileSync(`${root}${page}`, "utf8"));
}

/** What it should say of one side. */
export function verdictRow(side: Side, { cases, passed, knownFailing, failed }: Verdict): string {
  const ours = side === "server" ? "the hub's web listener" : "the SDK's transport";
  return row([ours, cases, passed, knownFailing, failed].map(String));
}

/** What it should say of other people's clients. */
export function peerRows(): string[] {
  return peers.map((peer) => {
    const { name, version, tls, listener, protocol, what } = peer;
    return row([`${name} ${version}`, tls, listener, protocol, what]);
  });
}

function row(cells: readonly string[]): string {
  return bare(`| ${cells.join(" | ")} |`);
}

function bare(text: string): string {
  return text.replaceAll(/[ \t]*\|[ \t]*/g, "|");
}

/** The rows below the head of the table that begins so. */
function withRows(text: string, head: string, rows: readonly string[]): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => bare(line).startsWith(bare(head)));
  if (at < 0) throw new Error(`${page} has no table ${head}`);
  const body = at + 2;
  const length = lines.slice(body).findIndex((line) => !line.startsWith("|"));
  lines.splice(body, length, ...rows);
  return lines.join("\n");
}

if (import.meta.main) {
  const verdicts: string[] = [];
  for (const side of ["server", "client"] as const) {
    const verdict = await examine(side);
    if (verdict.failed > 0) throw new Error(verdict.said);
    verdicts.push(verdictRow(side, verdict));
  }
  const before = readFileSync(`${root}${page}`, "utf8");
  const after = withRows(before, "| ours |", verdicts);
  writeFileSync(`${root}${page}`, withRows(after, "| client |", peerRows()));
  execFileSync("oxfmt", [page], { cwd: root });
  // What looks how late the event loop is looks on for ever.
  process.exit();
}
