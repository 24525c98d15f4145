import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { CliContext } from "../context.ts";
import { levelNamed } from "../learning/words.ts";

/** `foedus learning status | cycles | trust | history | explain | run | level`. */
export function register(program: Command, context: CliContext): void {
  const learning = program
    .command("learning")
    .description("How far each node is trusted, and what the network agrees on.");
  learning
    .command("status")
    .description("Shows how the network is, by the newest cycle.")
    .action(async () => (await import("../learning/status.ts")).showNetwork(context));
  learning
    .command("cycles")
    .description("Lists cycles, newest first.")
    .option("--last <count>", "so many of them", readCount, lastDefault)
    .action(async ({ last }: { readonly last: number }) => {
      await (await import("../learning/cycles.ts")).listCycles(context, last);
    });
  learning
    .command("run")
    .description("Runs a cycle now.")
    .action(async () => (await import("../learning/status.ts")).runCycle(context));
  registerTrust(learning, context);
}

function registerTrust(learning: Command, context: CliContext): void {
  learning
    .command("trust")
    .description("Lists where each node stands after a cycle, input by input.")
    .option("--cycle <id>", "this cycle (default: the newest)")
    .action(async ({ cycle }: { readonly cycle?: string }) => {
      await (await import("../learning/trust.ts")).listTrust(context, cycle ?? "");
    });
  learning
    .command("history")
    .description("Shows a node's score over time, beside the network's.")
    .argument("<node>", "its name or id")
    .option("--last <count>", "so many cycles", readCount, lastDefault)
    .action(async (node: string, { last }: { readonly last: number }) => {
      await (await import("../learning/trust.ts")).showHistory(context, node, last);
    });
  learning
    .command("explain")
    .description("Shows why a node's score, level and reputation are what they are.")
    .argument("<node>", "its name or id")
    .option("--cycle <id>", "after this cycle (default: the newest)")
    .action(async (node: string, { cycle }: { readonly cycle?: string }) => {
      await (await import("../learning/explain.ts")).explainTrust(context, node, cycle);
    });
  learning
    .command("level")
    .description("Says that you verified a node, declares it a partner, or takes that back.")
    .argument("<node>", "its name or id")
    .argument("<level>", "basic, verified or partner", readLevel)
    .requiredOption("--reason <text>", "how it was verified, or why that is taken back")
    .action(async (node: string, level: number, { reason }: { readonly reason: string }) => {
      await (await import("../learning/explain.ts")).setLevel(context, node, level, reason);
    });
}

const lastDefault = 20;
const lastMax = 1_000;

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= lastMax) return count;
  throw new InvalidArgumentError(`A count is 1 to ${lastMax}.`);
}

function readLevel(text: string): number {
  const level = levelNamed(text);
  if (level !== undefined) return level;
  throw new InvalidArgumentError("A level is basic, verified or partner.");
}
