import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { prepare } from "../event/families.ts";
import type { BulkResult } from "../event/bulk.ts";
import { publishBulk } from "../event/bulk.ts";
import type { Draft, Line, Place } from "../event/line.ts";
import { openLine } from "../event/line.ts";
import type { OutboxKit, OutboxLimits } from "../event/outbox.ts";
import { openOutbox, outboxLimits } from "../event/outbox.ts";
import type { FoedusNode, NodeStatus, Outgoing, PublishOptions } from "../node.ts";
import { linked, orAborted } from "../signals.ts";
import type { Epochs } from "./epochs.ts";

/** How a node tells facts. */
export interface Telling extends Pick<FoedusNode, "publish" | "publishStream"> {
  counts(): Pick<NodeStatus, "eventsPublished" | "eventsWaiting">;
  drained(): Promise<void>;
}

/** Lines are opened as they are first used; a bulk keeps its line to itself until it ends. */
export function openTelling(
  parts: OutboxKit,
  epochs: Epochs,
  limits: Partial<OutboxLimits> = {},
): Telling {
  const { kit } = parts;
  const outbox = openOutbox(parts, { ...outboxLimits, ...limits });
  const lines = new Map<string, Line>();
  const bulks = new Map<string, Promise<unknown>>();
  let bulkPublished = 0;

  function lineOf(name: string): Line {
    const line = lines.get(name) ?? openLine(kit, epochs, name);
    lines.set(name, line);
    return line;
  }

  function draft<Schema extends DescMessage>(
    schema: Schema,
    payload: MessageInitShape<Schema>,
    subject = "",
  ): Draft {
    return { ...prepare(schema, payload), subject, toldMs: kit.world.clock.monotonic() };
  }

  async function publish<Schema extends DescMessage>(
    schema: Schema,
    payload: MessageInitShape<Schema>,
    { subject, stream = "main", signal }: PublishOptions = {},
  ): Promise<Place> {
    return orAborted(outbox.add(lineOf(stream), draft(schema, payload, subject), signal), signal);
  }

  async function publishStream(
    events: AsyncIterable<Outgoing> | Iterable<Outgoing>,
    { stream = "bulk", signal }: Omit<PublishOptions, "subject"> = {},
  ): Promise<BulkResult> {
    using both = linked(kit.ended.signal, signal);
    async function* drafts(): AsyncGenerator<Draft> {
      for await (const { schema, payload, subject } of events)
        yield draft(schema, payload, subject);
    }
    const before = bulks.get(stream) ?? Promise.resolve();
    const line = lineOf(`${stream}`);
    const bulk = before.then(() => publishBulk(parts, line, drafts(), both.signal));
    bulks.set(
      stream,
      bulk.catch(() => undefined),
    );
    const result = await bulk;
    bulkPublished += result.accepted;
    return result;
  }

  return {
    publish,
    publishStream,
    drained: () => outbox.drained(),
    counts: () => ({
      eventsPublished: outbox.published() + bulkPublished,
      eventsWaiting: outbox.waiting(),
    }),
  };
}
