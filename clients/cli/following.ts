import { resumed } from "@foedus/sdk/wire/resumed.ts";
import type { CliContext } from "./context.ts";
import type { HubClient } from "./hub-client.ts";
import { interruptions } from "./interruptions.ts";

/** Longer than the hub is ever silent in a stream that says so when nothing changes. */
const silenceMs = 60_000;

/** What a stream of the hub tells, through interruptions, each of which is told, until Ctrl-C. */
export async function* following<Item>(
  context: CliContext,
  hub: HubClient,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
): AsyncGenerator<Item, void, void> {
  const { world, signal } = context;
  const { lost, back } = interruptions(context, hub);
  const farewellMs = () => undefined;
  const items = resumed({ world, signal, silenceMs, farewellMs, interrupted: lost, open });
  for await (const item of items) {
    back();
    yield item;
  }
}
