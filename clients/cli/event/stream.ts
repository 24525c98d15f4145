import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { Heard } from "@foedus/sdk/event/heard.ts";
import { openKeyring } from "@foedus/sdk/event/keyring.ts";
import { subscribe } from "@foedus/sdk/event/subscribe.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { interruptions } from "../interruptions.ts";
import { dim } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { beginningOf, hubSpiffeOf, sourcesNamed, type FilterOptions } from "./filter.ts";
import { heardJson, heardLine } from "./line.ts";
import { narrowBy } from "./narrow.ts";
import { openSources } from "./sources.ts";

/** Shows the log: live until Ctrl-C, or what is kept of it. */
export async function streamEvents(
  context: CliContext,
  options: FilterOptions,
  untilHead: boolean,
): Promise<void> {
  const { print, signal, world } = context;
  const { type: types = [], subject: subjects = [], verify = false } = options;
  const hub = await context.hub();
  // A hub that is not there now is a failure; one that goes meanwhile is waited for.
  const hubSpiffeId = await hubSpiffeOf(hub);
  const sources = await openSources(hub, world);
  const client = hub.as(EventService);
  const identities = hub.as(IdentityService);
  const keyring = openKeyring({ world, identities, events: client });
  const told = interruptions(context, hub);
  const kit = { world, client, keyring, interrupted: told.lost };
  const afterCursor = await cursorOf(hub, options, untilHead);
  const ids = await sourcesNamed(options.node ?? [], sources, hubSpiffeId);
  const wish = {
    afterCursor,
    types,
    sources: ids,
    subjects,
    exceptTypes: options.except ?? [],
    untilHead,
    verify,
    heads: true,
    signal,
  };
  const wanted = narrowBy(options, hub.nowMs());
  let heads = 0;
  let events = 0;
  for await (const heard of subscribe(kit, wish)) {
    told.back();
    if (heard.kind === "head") {
      heads += 1;
      if (heads === 1 && !untilHead) print.note(dim(listening(heard.cursor)));
      continue;
    }
    const name = heard.kind === "event" ? await sources.nameOf(heard.event.source) : "";
    if (heard.kind === "event" && !wanted(heard, name)) continue;
    if (heard.kind === "event") events += 1;
    tell(context, heard, name);
  }
  if (untilHead && !signal.aborted) print.note(dim(`${counted(events, "event")}.`));
}

/** What was asked for, and of two the later; where nothing was, all that is kept or only news. */
async function cursorOf(
  hub: HubClient,
  { after, last }: FilterOptions,
  untilHead: boolean,
): Promise<bigint | undefined> {
  if (last === undefined) return after ?? (untilHead ? 0n : undefined);
  const beginning = await beginningOf(hub, last);
  return after !== undefined && after > beginning ? after : beginning;
}

function tell({ print }: CliContext, heard: Heard, name: string): void {
  if (print.output === "json") return print.json(heardJson(heard, name));
  const line = heardLine(heard, name);
  if (line !== undefined) print.line(...line);
}

function listening(cursor: bigint): string {
  return `Up to #${cursor} everything was told. Waiting for more; Ctrl-C ends.`;
}
