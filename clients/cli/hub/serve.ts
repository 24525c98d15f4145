import { resolve } from "node:path";
import type { CliContext } from "../context.ts";

/**
 * Becomes the hub: in this process, so that signals, output and the exit code are its own. It reads
 * its flags from where every program finds them.
 */
export async function serve(context: CliContext, flags: readonly string[]): Promise<void> {
  const place = context.named === undefined ? [] : ["--data", resolve(context.named)];
  const output = context.print.output === "json" ? ["--output", "json"] : [];
  process.argv.splice(2, Infinity, ...place, ...output, ...flags);
  await import("../../../server/main.ts");
}
