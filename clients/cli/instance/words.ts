import type { Notice } from "@foedus/sdk/link/notice.ts";
import type { Print } from "../print.ts";
import type { ProjectView } from "./project.ts";

/** One line on standard error for each turn of a node's connection. */
export function tellNotice(print: Print, name: string, notice: Notice): void {
  print.note(`${name}: ${wordsOf(notice)}`);
}

/** One line for each time a project was told. */
export function tellView(print: Print, name: string, { summary, edges }: ProjectView): void {
  const counts = `${summary.files} files, ${summary.lines} lines, ${edges.length} ties`;
  print.note(`${name}: told ${counts}`);
}

function wordsOf(notice: Notice): string {
  switch (notice.kind) {
    case "connected":
      return `connected to ${notice.address}`;
    case "waiting":
      return `${notice.error.message}; again in ${Math.ceil(notice.againMs / 1_000)} s`;
    case "renewed":
      return `certificate renewed for ${minutes(notice.lifetimeMs)}`;
    case "returned":
      return `came back by the identity key; new certificate for ${minutes(notice.lifetimeMs)}`;
    case "ended":
      return `over: ${notice.error.message}`;
  }
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
