import { resolve } from "node:path";
import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { readSlug } from "../options.ts";

interface RunOptions {
  readonly project: string;
  readonly invitation?: string;
  readonly tokenFile?: string;
  readonly name?: string;
  readonly title?: string;
  readonly url: string;
  readonly environment: string;
  readonly team: string;
  readonly domain: string;
}

/** `foedus instance`: a node for any folder. */
export function register(program: Command, context: CliContext): void {
  const instance = program.command("instance").description("a node for any folder");
  instance
    .command("run")
    .description("join if need be, and tell what a folder holds until stopped")
    .requiredOption("--project <folder>", "the folder to speak for")
    .option("--invitation <text>", "where to join: foedus://host:port/tenant#hash, in quotes")
    .option("--token-file <file>", "a file with the join token; else standard input")
    .option("--name <name>", "the node's name; the folder's when left out")
    .option("--title <text>", "how people call the project")
    .option("--url <address>", "where people open the project", "")
    .option("--environment <word>", "where it runs, e.g. production", readSlug, "")
    .option("--team <word>", "who answers for it, e.g. payments", readSlug, "")
    .option("--domain <word>", "the part of the business it belongs to, e.g. sales", readSlug, "")
    .addHelpText(
      "after",
      "\nThe node's keys are kept in --data, else in .foedus/instances/<name>.\n" +
        "What has no source, such as a commit outside of git, stays unknown.",
    )
    .action((options: RunOptions) => runOne(options, context));
}

async function runOne(options: RunOptions, context: CliContext): Promise<void> {
  const [{ slugOf }, { runInstance }, { joinOnce }, { tellNotice, tellView }] = await Promise.all([
    import("../instance/project.ts"),
    import("../instance/run.ts"),
    import("../instance/join.ts"),
    import("../instance/words.ts"),
  ]);
  const project = resolve(options.project);
  const slug = slugOf(project);
  const name = options.name ?? slug;
  const folder = context.named ?? resolve(context.folder, "instances", name);
  const { print, world, signal } = context;
  await joinOnce({ ...options, name, folder }, context);
  const { title, url, environment, team, domain } = options;
  await runInstance({
    project,
    slug,
    title,
    url,
    environment,
    team,
    domain,
    software: `foedus-instance/${await ownVersion()}`,
    folder,
    world,
    signal,
    notice: (notice) => tellNotice(print, name, notice),
    told: (view) => tellView(print, name, view),
  });
}

async function ownVersion(): Promise<string> {
  return (await import("../version.ts")).ownVersion();
}
