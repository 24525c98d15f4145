import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { sanitisedText } from "@foedus/kernel/sanitise.ts";
import { prepare } from "../event/families.ts";
import type { BulkResult } from "../event/bulk.ts";
import { publishBulk } from "../event/bulk.ts";
import type { Draft, Line, Place } from "../event/line.ts";
import { openLine } from "../event/line.ts";
import type { OutboxKit, OutboxLimits } from "../event/outbox.ts";
import { Outbox, outboxLimits } from "../event/outbox.ts";
import type { NodeStatus, Outgoing, PublishOptions } from "../node.ts";
import { linked, orAborted } from "../signals.ts";
import type { Epochs } from "./epochs.ts";

/** How a node tells facts. Lines are opened as they are first used. */
export class Telling {
  readonly #parts: OutboxKit;
  readonly #epochs: Epochs;
  readonly #outbox: Outbox;
  readonly #lines = new Map<string, Line>();
  /** The last bulk of each line: the next one waits for it. */
  readonly #bulks = new Map<string, Promise<unknown>>();
  #bulkPublished = 0;

  constructor(parts: OutboxKit, epochs: Epochs, limits: Partial<OutboxLimits> = {}) {
    this.#parts = parts;
    this.#epochs = epochs;
    this.#outbox = new Outbox(parts, { ...outboxLimits, ...limits });
  }

  counts(): Pick<NodeStatus, "eventsPublished" | "eventsWaiting"> {
    const eventsPublished = this.#outbox.published + this.#bulkPublished;
    return { eventsPublished, eventsWaiting: this.#outbox.waiting };
  }

  drained(): Promise<void> {
    return this.#outbox.drained();
  }

  async publish<Schema extends DescMessage>(
    schema: Schema,
    payload: MessageInitShape<Schema>,
    { subject, stream = "main", signal }: PublishOptions = {},
  ): Promise<Place> {
    const draft = this.#draft(schema, payload, subject);
    return orAborted(this.#outbox.add(this.#lineOf(stream), draft, signal), signal);
  }

  /** Its line is its own: single events count on another one. */
  async publishStream(
    events: AsyncIterable<Outgoing> | Iterable<Outgoing>,
    { stream = "main", signal }: Omit<PublishOptions, "subject"> = {},
  ): Promise<BulkResult> {
    using both = linked(this.#parts.kit.ended.signal, signal);
    const line = this.#lineOf(`${stream}.bulk`);
    const before = this.#bulks.get(stream) ?? Promise.resolve();
    const bulk = before.then(() => {
      return publishBulk(this.#parts, line, this.#drafts(events), both.signal);
    });
    this.#bulks.set(
      stream,
      bulk.catch(() => undefined),
    );
    const result = await bulk;
    this.#bulkPublished += result.accepted;
    return result;
  }

  async *#drafts(events: AsyncIterable<Outgoing> | Iterable<Outgoing>): AsyncGenerator<Draft> {
    for await (const { schema, payload, subject } of events) {
      yield this.#draft(schema, payload, subject);
    }
  }

  #draft<Schema extends DescMessage>(
    schema: Schema,
    payload: MessageInitShape<Schema>,
    subject = "",
  ): Draft {
    const toldMs = this.#parts.kit.world.clock.monotonic();
    return { ...prepare(schema, payload), subject: sanitisedText(subject), toldMs };
  }

  #lineOf(name: string): Line {
    const line = this.#lines.get(name) ?? openLine(this.#parts.kit, this.#epochs, name);
    this.#lines.set(name, line);
    return line;
  }
}
