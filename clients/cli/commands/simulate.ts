import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { whole } from "../simulate/bounds.ts";
import type { SimulateOptions } from "../simulate/simulate.ts";

const help = `
The same seed and the same size give the same world, to the last frame. The hubs and
replicas in it are the real ones, and so is what they say to each other; clock, disks
and network are not. A world is much faster than the time that passes in it.
`;

/** `foedus simulate`. */
export function register(program: Command, context: CliContext): void {
  program
    .command("simulate")
    .description("Runs a federation in which all goes wrong, and checks what must hold.")
    .option(
      "--seed <number>",
      "what the world is drawn from; another one each time without it",
      seed,
    )
    .option("--hubs <count>", "hubs, in a tree that the seed draws (1 to 32)", hubs, 4)
    .option("--nodes <count>", "nodes that are there from the beginning (1 to 200)", nodes, 8)
    .option(
      "--minutes <count>",
      "how long things go wrong, in the world's time (1 to 60)",
      minutes,
      1,
    )
    .option("--shrink", "of a world that fails, find the fewest faults that it takes")
    .addHelpText("after", help)
    .action(async (options: SimulateOptions) => {
      await (await import("../simulate/simulate.ts")).simulate(context, options);
    });
}

const seed = whole("A seed", 0, 4_294_967_295);
const hubs = whole("The number of hubs", 1, 32);
const nodes = whole("The number of nodes", 1, 200);
const minutes = whole("The number of minutes", 1, 60);
