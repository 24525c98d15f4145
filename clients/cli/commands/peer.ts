import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { addPeer, listPeers, removePeer, type AddOptions } from "../peer/peer.ts";
import { readTypes } from "../peer/types.ts";

/** `foedus peer add | list | remove`. */
export function register(program: Command, context: CliContext): void {
  const peer = program
    .command("peer")
    .description("Hubs with roots of their own that are trusted.");
  peer
    .command("add")
    .description("Trusts another hub by its invitation, or changes what is told and taken.")
    .argument("<invitation>", "the other hub's, as `foedus hub status` prints it there")
    .option("--call <address>", "host:port of its node listener, to tell it something")
    .option("--tell <types>", "families to tell it, or none", readTypes)
    .option("--take <types>", "families to take from it, or none", readTypes)
    .action((invitation: string, options: AddOptions) => addPeer(context, invitation, options));
  peer
    .command("list")
    .description("Lists peers: what is told, what is taken, and how fresh their roots are.")
    .action(() => listPeers(context));
  peer
    .command("remove")
    .description("Trusts a hub no more, and cuts its connections.")
    .argument("<domain>", "its trust domain, as `foedus peer list` shows it")
    .requiredOption("--reason <text>", "why; everybody who may see peers can read it")
    .action((domain: string, options: { reason: string }) => removePeer(context, domain, options));
}
