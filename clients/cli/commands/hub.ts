import type { Command } from "commander";
import type { CliContext } from "../context.ts";

/** What `hub backup` and `hub restore` take. */
export interface SealOptions {
  readonly passphraseFile?: string;
  readonly config?: string;
}

const serveHelp = `
Every field of the config is a flag, e.g. --web-port 7080 --host 0.0.0.0; also --config FILE.
\`foedus hub config\` lists them with their values. Ctrl-C drains the hub and stops it.
`;

/** `foedus hub serve | status | health | usage | config | upgrade-check | backup | …`. */
export function register(program: Command, context: CliContext): void {
  const hub = program.command("hub").description("The hub itself.");
  hub
    .command("serve")
    .description("Runs a hub until Ctrl-C.")
    .usage("[--<field> VALUE …] [--config FILE]")
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText("after", serveHelp)
    .action(async (_options: unknown, command: Command) => {
      const { serve } = await import("../hub/serve.ts");
      await serve(context, command.args);
    });
  hub
    .command("status")
    .description("Tells how the hub is: what runs, where it listens, whom to invite.")
    .action(async () => (await import("../hub/status.ts")).showStatus(context));
  registerLooks(hub, context);
  hub
    .command("config")
    .description("Prints each field of the config, its value and who set it.")
    .usage("[--<field> VALUE …] [--config FILE]")
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_options: unknown, command: Command) => {
      const { showConfig } = await import("../hub/config.ts");
      await showConfig(context, command.args);
    });
  registerUpkeep(hub, context);
}

function registerLooks(hub: Command, context: CliContext): void {
  hub
    .command("health")
    .description("Tells how the whole federation is, and why; fails unless it is healthy.")
    .action(async () => (await import("../hub/health.ts")).showHealth(context));
  hub
    .command("usage")
    .description("Tells how much of each limit is used, and warns from four fifths on.")
    .action(async () => (await import("../hub/usage.ts")).showUsage(context));
  hub
    .command("upgrade-check")
    .description("Tells what stands in the way of an upgrade; fails when something does.")
    .action(async () => (await import("../hub/upgrade.ts")).checkUpgrade(context));
}

function registerUpkeep(hub: Command, context: CliContext): void {
  const passphrase = [
    "--passphrase-file <file>",
    "the words that seal it; else asked for",
  ] as const;
  const config = ["--config <file>", "the hub's config file"] as const;
  hub
    .command("backup")
    .description("Writes all a hub is made of, its keys included, into one sealed file.")
    .requiredOption("--out <file>", "the file to write")
    .option(...passphrase)
    .option(...config)
    .action(async (options: SealOptions & { readonly out: string }) => {
      await (await import("../hub/backup.ts")).makeBackup(context, options);
    });
  hub
    .command("restore")
    .description("Makes the hub of a backup again, in an empty data folder.")
    .argument("<file>", "what `foedus hub backup` wrote")
    .option(...passphrase)
    .option(...config)
    .action(async (file: string, options: SealOptions) => {
      await (await import("../hub/backup.ts")).restoreBackup(context, file, options);
    });
  hub
    .command("renew-ca")
    .description("Gives the hub a new issuing certificate; the recovery code comes on stdin.")
    .action(async () => (await import("../hub/renew-ca.ts")).renewCa(context));
}
