import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { AccessMode, RuleKind } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { approve, deny, listRequests } from "../access/requests.ts";
import { addRule, listRules, removeRule, resetRules } from "../access/rules.ts";
import { setMode, showAccess } from "../access/show.ts";
import { quarantineNode, releaseNode, setRole } from "../access/standing.ts";
import type { CliContext } from "../context.ts";
import { readCursor, readRole } from "../options.ts";

/** `foedus access show | mode | requests | approve | deny | allow | block | quarantine | …`. */
export function register(program: Command, context: CliContext): void {
  const access = program.command("access").description("Who may join, and who may stay.");
  access
    .command("show")
    .description("Tells how newcomers are admitted, and how many wait.")
    .action(() => showAccess(context));
  access
    .command("mode")
    .description("Changes how newcomers are admitted, from now on.")
    .argument("<mode>", "open, approval or invite", readMode)
    .option("--reason <text>", "why; shown beside it")
    .action((mode: AccessMode, { reason }: { readonly reason?: string }) =>
      setMode(context, mode, reason),
    );
  registerRequests(access, context);
  registerRules(access, context);
  registerStanding(access, context);
}

const wish = "its fingerprint, as the joiner shows it; or the id of the wish";

function registerRequests(access: Command, context: CliContext): void {
  access
    .command("requests")
    .description("Lists who waits for an admin.")
    .option("--all", "those who were decided, too")
    .action(({ all = false }: { readonly all?: boolean }) => listRequests(context, all));
  access
    .command("approve")
    .description("Lets in whoever shows that fingerprint.")
    .argument("<fingerprint>", wish)
    .option("--role <role>", "observer, member or admin (default: member)", readRole)
    .option("--yes", "with the id of a wish: do not ask about the fingerprint")
    .action((typed: string, options: { readonly role?: Role; readonly yes?: boolean }) =>
      approve(context, typed, options),
    );
  access
    .command("deny")
    .description("Refuses whoever shows that fingerprint.")
    .argument("<fingerprint>", wish)
    .requiredOption("--reason <text>", "why; the joiner hears it")
    .option("--block", "put its key on the block list as well")
    .action((typed: string, options: { readonly reason: string; readonly block?: boolean }) =>
      deny(context, typed, options),
    );
}

const lists = [
  { kind: RuleKind.ALLOW, add: "allow", remove: "disallow", means: "may join in mode invite" },
  { kind: RuleKind.BLOCK, add: "block", remove: "unblock", means: "may not join in any mode" },
] as const;

function registerRules(access: Command, context: CliContext): void {
  for (const { kind, add, remove, means } of lists) {
    access
      .command(add)
      .description(`Puts somebody on the ${add} list, who ${means}.`)
      .argument("<who>", "a name, a prefix that ends in *, or a fingerprint")
      .requiredOption("--reason <text>", "why; shown beside it")
      .action((who: string, { reason }: { readonly reason: string }) =>
        addRule(context, kind, who, reason),
      );
    access
      .command(remove)
      .description(`Takes somebody off the ${add} list.`)
      .argument("<who>", "whom the rule names, or the rule's id")
      .action((who: string) => removeRule(context, kind, who));
  }
  access
    .command("rules")
    .description("Shows both lists.")
    .action(() => listRules(context));
  access
    .command("reset")
    .description("Empties one of the lists.")
    .argument("<list>", "allow or block", readList)
    .requiredOption("--reason <text>", "why")
    .option("--yes", "do not ask")
    .action((kind: RuleKind, options: { readonly reason: string; readonly yes?: boolean }) =>
      resetRules(context, kind, options),
    );
}

function registerStanding(access: Command, context: CliContext): void {
  access
    .command("quarantine")
    .description("Cuts a node off at once and keeps everything of it, until it is released.")
    .argument("<node>", "its name or id")
    .requiredOption("--reason <text>", "why; the node hears it")
    .option("--cursor <cursor...>", "events that show it", gatherCursors)
    .action((node: string, options: { readonly reason: string; readonly cursor?: bigint[] }) =>
      quarantineNode(context, node, options),
    );
  access
    .command("release")
    .description("Lets a quarantined node return.")
    .argument("<node>", "its name or id")
    .requiredOption("--reason <text>", "why")
    .action((node: string, { reason }: { readonly reason: string }) =>
      releaseNode(context, node, reason),
    );
  access
    .command("role")
    .description("Changes what a node may do, from its next call on.")
    .argument("<node>", "its name or id")
    .argument("<role>", "observer, member or admin", readRole)
    .action((node: string, role: Role) => setRole(context, node, role));
}

const modes: Readonly<Record<string, AccessMode>> = {
  open: AccessMode.OPEN,
  approval: AccessMode.APPROVAL,
  invite: AccessMode.INVITE,
};

function readMode(text: string): AccessMode {
  const mode = modes[text.toLowerCase()];
  if (mode === undefined) throw new InvalidArgumentError("A mode is open, approval or invite.");
  return mode;
}

function readList(text: string): RuleKind {
  const found = lists.find(({ add }) => add === text.toLowerCase());
  if (found === undefined) throw new InvalidArgumentError("A list is allow or block.");
  return found.kind;
}

function gatherCursors(text: string, before: readonly bigint[] = []): readonly bigint[] {
  return [...before, readCursor(text)];
}
