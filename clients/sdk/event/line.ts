import { create } from "@bufbuild/protobuf";
import type { Batch } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { signBatch } from "@foedus/kernel/batch.ts";
import type { NodeKit } from "../link/kit.ts";
import type { Epochs } from "../node/epochs.ts";
import type { Prepared } from "./families.ts";

/** An event before it has its place. */
export interface Draft extends Prepared {
  readonly subject: string;
  /** When it was told, on the monotonic clock: the hub's time may be known only later. */
  readonly toldMs: number;
}

/** Where an event got its place. */
export interface Place {
  /** `<stream>/<epoch>/<sequence>`: with the source it names the event for good. */
  readonly id: string;
  /** When it was so, by the hub's clock. */
  readonly timeMs: number;
}

/** Events signed together, and the place of each. */
export interface Sealed {
  readonly batch: Batch;
  readonly places: readonly Place[];
}

/** One line of counting of a node. Whoever seals must send in that order before sealing again. */
export interface Line {
  readonly stream: string;
  seal(drafts: readonly Draft[]): Promise<Sealed>;
  /** Counts anew under a new epoch: what was sealed last did not become part of the log. */
  restart(known?: number): Promise<void>;
}

/** A line that begins with the node's present epoch. */
export function openLine(kit: NodeKit, epochs: Epochs, stream: string): Line {
  let epoch: number | undefined;
  let sequence = 0;
  return {
    stream,
    async seal(drafts) {
      const { world, clock, membership } = kit;
      const now = (epoch ??= await epochs.current());
      const places = drafts.map((draft, at) => ({
        id: `${stream}/${now}/${sequence + at + 1}`,
        timeMs: Math.round(clock.now() - (world.clock.monotonic() - draft.toldMs)),
      }));
      const events = drafts.map((draft, at) =>
        create(EventSchema, {
          type: draft.type,
          source: membership.admission.spiffeId,
          subject: draft.subject,
          timeMs: BigInt(places[at]?.timeMs ?? 0),
          stream,
          epoch: BigInt(now),
          sequence: BigInt(sequence + at + 1),
          payload: draft.payload,
        }),
      );
      sequence += drafts.length;
      return { batch: signBatch(membership.identity, events), places };
    },
    async restart(known) {
      epoch = await epochs.renewed(known);
      sequence = 0;
    },
  };
}
