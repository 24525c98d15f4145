import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { readRole } from "../options.ts";
import { readName } from "../options.ts";
import {
  listTenants,
  provisionTenant,
  resumeTenant,
  showTenant,
  suspendTenant,
  visitTenant,
  type VisitOptions,
} from "../tenant/tenant.ts";

/** `foedus tenant provision | list | show | suspend | resume | visit`. */
export function register(program: Command, context: CliContext): void {
  const tenant = program
    .command("tenant")
    .description("Parties with their own walls; for the hub's operators.");
  tenant
    .command("provision")
    .description("Makes a tenant, and a link that signs its first admin in.")
    .argument("<name>", "its name for good: lower case letters, digits and hyphens", readName)
    .option("--title <text>", "how people call it")
    .action((name: string, { title }: { title?: string }) =>
      provisionTenant(context, name, title ?? ""),
    );
  tenant
    .command("list")
    .description("Lists the tenants of the hub.")
    .action(() => listTenants(context));
  tenant
    .command("show")
    .description("Shows one tenant, and where its nodes join.")
    .argument("<name>", "its name")
    .action((name: string) => showTenant(context, name));
  tenant
    .command("suspend")
    .description("Serves nobody of a tenant any more; everything of it is kept.")
    .argument("<name>", "its name")
    .requiredOption("--reason <text>", "why; whoever is refused for it reads this")
    .action((name: string, { reason }: { readonly reason: string }) =>
      suspendTenant(context, name, reason),
    );
  tenant
    .command("resume")
    .description("Serves a suspended tenant again.")
    .argument("<name>", "its name")
    .action((name: string) => resumeTenant(context, name));
  tenant
    .command("visit")
    .description("Opens a session of 15 minutes in a tenant; its admins can read that you did.")
    .argument("<name>", "its name")
    .requiredOption("--reason <text>", "why; the tenant's admins read this")
    .option("--role <role>", "observer, member or admin (default: observer)", readRole)
    .option("--session-out <file>", "write the session to a new file of yours")
    .action((name: string, options: VisitOptions) => visitTenant(context, name, options));
}
