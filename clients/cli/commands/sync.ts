import type { Command } from "commander";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { CliContext } from "../context.ts";
import { gather } from "../options.ts";
import type { DeclareOptions } from "../sync/declare.ts";
import type { GrantOptions } from "../sync/grants.ts";
import type { ResolveOptions } from "../sync/resolve.ts";
import type { Which } from "../sync/status.ts";
import {
  readDot,
  readLane,
  readNoun,
  readPartition,
  readRevision,
  readStream,
  streamForm,
} from "../sync/stream.ts";

const streamHelp = `
A stream is written ${streamForm}: notes is the stream of the collection notes in
zone world and lane 2; notes/berlin@eu:1 is its part berlin in zone eu and lane 1.
`;

/** `foedus sync status | conflicts | digest | compare | repair | grant | peers | declare | ...`. */
export function register(program: Command, context: CliContext): void {
  const sync = program
    .command("sync")
    .description("Collections that converge: streams, who follows them, conflicts.")
    .addHelpText("after", streamHelp);
  sync
    .command("status")
    .description("Shows each stream, who follows it, and what they lack.")
    .argument("[stream]", "only this stream, or all of a collection", readWhich)
    .option("--watch", "show each change as it happens, until Ctrl-C")
    .action(async (which: Which, { watch }: { readonly watch?: boolean }) => {
      if (watch === true) await (await import("../sync/watch.ts")).watchStreams(context, which);
      else await (await import("../sync/status.ts")).showStreams(context, which);
    });
  registerConflicts(sync, context);
  registerDigests(sync, context);
  registerRules(sync, context);
}

function registerConflicts(sync: Command, context: CliContext): void {
  const conflicts = sync
    .command("conflicts")
    .description("Fields that hold values written without knowledge of each other.");
  conflicts
    .command("list", { isDefault: true })
    .description("Lists them, with the value that is shown.")
    .argument("[stream]", "only of this stream", readStream)
    .action(async (stream?: Stream) => {
      await (await import("../sync/conflicts.ts")).listConflicts(context, stream);
    });
  conflicts
    .command("explain")
    .description("Shows all values of one field, who wrote them, and why one is shown.")
    .argument("<stream>", streamForm, readStream)
    .argument("<record>", "the record")
    .argument("[field]", "the field; none for a record that has no fields", "")
    .action(async (stream: Stream, record: string, field: string) => {
      const { explainConflict } = await import("../sync/conflicts.ts");
      await explainConflict(context, { stream, record, field });
    });
  conflicts
    .command("resolve")
    .description("Puts one value in place of all that are there now.")
    .argument("<stream>", streamForm, readStream)
    .argument("<record>", "the record")
    .argument("[field]", "the field; none for a record that has no fields", "")
    .option("--keep <op>", "the value that this op wrote, as `explain` names it", readDot)
    .option("--value <text>", "this text; as JSON where the values there are JSON")
    .option("--file <file>", "the bytes that this file holds")
    .action(async (stream: Stream, record: string, field: string, options: ResolveOptions) => {
      const { resolveConflict } = await import("../sync/resolve.ts");
      await resolveConflict(context, { stream, record, field }, options);
    });
}

function registerDigests(sync: Command, context: CliContext): void {
  sync
    .command("digest")
    .description("Shows what a stream holds in numbers that are equal where the same is held.")
    .argument("<stream>", streamForm, readStream)
    .option("--recount", "count it anew, and say whether that is the same")
    .action(async (stream: Stream, { recount }: { readonly recount?: boolean }) => {
      const { showDigest } = await import("../sync/digest.ts");
      await showDigest(context, stream, recount === true);
    });
  sync
    .command("compare")
    .description("Says whether another hub holds the same, and if not, which fields differ.")
    .argument("<stream>", streamForm, readStream)
    .requiredOption("--with <context>", "the other hub, as `foedus context list` names it")
    .action(async (stream: Stream, options: { readonly with: string }) => {
      await (await import("../sync/compare.ts")).compareStream(context, stream, options.with);
    });
  sync
    .command("repair")
    .description("Counts a stream anew, and sets right what is kept of it.")
    .argument("<stream>", streamForm, readStream)
    .action(async (stream: Stream) => {
      await (await import("../sync/digest.ts")).repairStream(context, stream);
    });
}

function registerRules(sync: Command, context: CliContext): void {
  sync
    .command("grant")
    .description("Says in which zones a node stands, and whether it may relay.")
    .argument("<node>", "its name or id")
    .option("--zone <zone>", "a zone it stands in, instead of those before; many times", gather)
    .option("--hub-zones", "it stands where the hub does")
    .option("--relay", "it is a hub, and may bring what others wrote")
    .option("--no-relay", "it may bring only what it wrote itself")
    .action(async (node: string, options: GrantOptions) => {
      await (await import("../sync/grants.ts")).setGrant(context, node, options);
    });
  sync
    .command("grants")
    .description("Lists the nodes that may do something else than all others.")
    .action(async () => (await import("../sync/grants.ts")).listGrants(context));
  sync
    .command("peers")
    .description("Lists the nodes that listen for each other while the hub is away.")
    .action(async () => (await import("../sync/peers.ts")).listPeers(context));
  sync
    .command("declare")
    .description("Says where a collection is, what parts it has, and which revisions it takes.")
    .argument("<collection>", "its name", readNoun)
    .option("--zone <zone>", "its zone (default: world)", readNoun)
    .option("--lane <lane>", "its lane, 0 to 3 (default: 2)", readLane)
    .option("--partition <part>", "a part of it; many times (default: it has none)", readPartition)
    .option("--revision-min <number>", "the least schema revision it takes", readRevision)
    .option("--revision-max <number>", "the greatest; 0 for no bound", readRevision)
    .action(async (name: string, options: DeclareOptions) => {
      await (await import("../sync/declare.ts")).declareCollection(context, name, options);
    });
  sync
    .command("collections")
    .description("Lists the declared collections.")
    .action(async () => (await import("../sync/declare.ts")).listCollections(context));
}

function readWhich(text: string): Which {
  return { text, stream: readStream(text) };
}
