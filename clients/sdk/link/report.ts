import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { ReportLinkRequest } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import {
  LinkService,
  ReportLinkRequestSchema,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { reportMs } from "@foedus/kernel/protocol.ts";
import { errorOf } from "../error.wire.ts";
import type { Epochs } from "../node/epochs.ts";
import { linked } from "../signals.ts";
import type { NodeKit } from "./kit.ts";
import type { Link } from "./link.ts";
import { agreeOnTerms } from "./opening.ts";

/** What tells the hub what passed over the link. */
export interface Reports {
  /** Tells it once more, before the node leaves; gives up soon. */
  last(): Promise<void>;
}

const answerMs = 5_000;
const lastMs = 1_000;
const againMs = 2_000;

/** Reports after each opening of the link, and from time to time. */
export function startReports(kit: NodeKit, link: Link, epochs: Epochs): Reports {
  const { world, ended } = kit;
  const client = createClient(LinkService, link.transport);
  let sequence = 0;
  const wanted = () => link.terms()?.capabilities.includes("link.report") === true;

  async function tell(timeoutMs: number): Promise<number> {
    if (!wanted()) return reportMs;
    sequence += 1;
    const epoch = BigInt(await epochs.current());
    const request = reportOf(kit, epoch, BigInt(sequence));
    const { nextMs } = await client.reportLink(request, { timeoutMs, signal: ended.signal });
    return Number(nextMs);
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await link.ready(ended.signal);
        const moving = link.moving();
        const nextMs = await tell(answerMs);
        // Over the next connection it tells at once how it got there.
        using wake = linked(ended.signal, moving);
        await world.timers.sleep(nextMs, wake.signal);
      } catch (thrown) {
        if (ended.signal.aborted) return;
        // A hub that was restored from a backup knows nothing of the link.
        const forgotten = errorOf(thrown).reason === Reason.LINK_NOT_OPEN;
        if (forgotten) await agreeOnTerms(kit, link.transport).catch(() => undefined);
        await world.timers.sleep(againMs, ended.signal);
      }
    }
  }

  void run();
  return {
    last: () =>
      tell(lastMs).then(
        () => undefined,
        () => undefined,
      ),
  };
}

function reportOf({ meter }: NodeKit, epoch: bigint, sequence: bigint): ReportLinkRequest {
  const { trips, breaker } = meter;
  return create(ReportLinkRequestSchema, {
    epoch,
    sequence,
    counts: meter.counts(),
    breaker: breaker.state,
    roundTripUs: micros(trips.newestMs),
    roundTripMeanUs: micros(trips.meanMs),
    roundTripTrendUs: micros(trips.trendMs),
  });
}

function micros(ms: number | undefined): bigint | undefined {
  return ms === undefined ? undefined : BigInt(Math.round(ms * 1_000));
}
