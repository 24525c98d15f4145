import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import type { DecisionOptions } from "../node/decide.ts";
import type { NodeJoinOptions } from "../node/join.ts";
import { readName } from "../options.ts";

const joinHelp = `
The token comes from --token-file, or from standard input, never from the command line: others on
the machine can read that. \`foedus token create\` makes one and prints the whole command.
Without one (--no-token, or an empty answer) the node waits until an admin has compared the
fingerprint it shows and approved it: \`foedus access requests\`.
`;

/** `foedus node join | list | show | watch | revoke | retire | maintenance`. */
export function register(program: Command, context: CliContext): void {
  const node = program.command("node").description("Nodes: who takes part, and how they are.");
  node
    .command("join")
    .description("Joins a hub: makes a node's keys in a folder and has them certified.")
    .argument("<invitation>", "foedus://host:port/tenant#hash, in quotes")
    .option("--name <name>", "the name to take, unless the token names one", readName)
    .option("--token-file <file>", "where the join token is; else standard input")
    .option("--no-token", "ask without a token, and wait until an admin has approved")
    .option("--data <folder>", "where the node keeps who it is")
    .addHelpText("after", joinHelp)
    .action(async (invitation: string, options: NodeJoinOptions) => {
      await (await import("../node/join.ts")).joinNode(context, invitation, options);
    });
  node
    .command("list")
    .description("Lists the nodes and how they stand.")
    .option("--all", "retired ones too")
    .action(async (options: { readonly all?: boolean }) => {
      await (await import("../node/list.ts")).listNodes(context, options.all === true);
    });
  node
    .command("show")
    .description("Tells all that is known of one node.")
    .argument("<node>", "its name or id")
    .action(async (name: string) => (await import("../node/show.ts")).showNode(context, name));
  node
    .command("watch")
    .description("Shows the nodes, and each change as it happens, until Ctrl-C.")
    .action(async () => (await import("../node/watch.ts")).watch(context));
  registerDecisions(node, context);
}

function registerDecisions(node: Command, context: CliContext): void {
  node
    .command("revoke")
    .description("Ends a node's identity at once: it is cut off and may not come back.")
    .argument("<node>", "its name or id")
    .requiredOption("--reason <text>", "why; shown to everybody who asks")
    .option("--yes", "do not ask")
    .action(async (name: string, options: DecisionOptions) => {
      await (await import("../node/decide.ts")).revokeNode(context, name, options);
    });
  node
    .command("retire")
    .description("Takes a node out for good; its identity ends with it.")
    .argument("<node>", "its name or id")
    .option("--reason <text>", "why; shown beside its state")
    .option("--yes", "do not ask")
    .action(async (name: string, options: DecisionOptions) => {
      await (await import("../node/decide.ts")).retireNode(context, name, options);
    });
  const maintenance = node
    .command("maintenance")
    .description("Says that a node is being worked on, so that nobody worries about it.");
  for (const word of ["on", "off"] as const) {
    maintenance
      .command(word)
      .description(word === "on" ? "Begins maintenance." : "Ends maintenance.")
      .argument("<node>", "its name or id")
      .option("--reason <text>", "why; shown beside its state")
      .action(async (name: string, options: DecisionOptions) => {
        const { setMaintenance } = await import("../node/decide.ts");
        await setMaintenance(context, name, word === "on", options);
      });
  }
}
