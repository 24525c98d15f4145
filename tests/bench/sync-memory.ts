import { readFileSync } from "node:fs";

const kilobyte = 1_024;

/** What a process keeps in memory. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? "0") * kilobyte;
}
