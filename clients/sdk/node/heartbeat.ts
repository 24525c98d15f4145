import type { Client } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { HealthStatus } from "@foedus/gen/foedus/node/v1/node_pb.js";
import type { HeartbeatResponse, NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import type { FoedusError } from "../error.ts";
import { errorOf } from "../error.wire.ts";
import type { NodeKit } from "../link/kit.ts";
import type { Link } from "../link/link.ts";
import { writeHubs } from "../membership/membership.ts";
import { linked } from "../signals.ts";
import type { Epochs } from "./epochs.ts";

/** How a node is, as it says itself. */
export interface NodeHealth {
  readonly healthy: boolean;
  /** Why not; shown to people. At most 8, of 200 characters each. */
  readonly reasons?: readonly string[];
}

/** What heartbeats are sent with. */
export interface HeartbeatKit {
  readonly kit: NodeKit;
  readonly link: Link;
  readonly client: Client<typeof NodeService>;
  readonly epochs: Epochs;
  readonly health: () => NodeHealth | Promise<NodeHealth>;
  /** Registers again: the hub lost us, e.g. with a restored backup. */
  readonly register: () => Promise<void>;
}

/** The heartbeats of one open node. */
export interface Heartbeats {
  /** The round trip of the last one that was answered, in milliseconds. */
  roundTripMs(): number | undefined;
  readonly done: Promise<void>;
}

/** The second one tells the round trip of the first, so that skew and latency are known at once. */
const secondAfterMs = 200;
const answerMsMin = 2_000;
const reasonsMax = 8;
const reasonLengthMax = 200;

/** Sends heartbeats, each once, until the node ends. */
export function startHeartbeats(beat: HeartbeatKit, heartbeatMs: number): Heartbeats {
  const { kit, link } = beat;
  const { world, ended } = kit;
  let trip: number | undefined;
  let sequence = 0;

  async function run(): Promise<void> {
    let intervalMs = heartbeatMs;
    while (!ended.signal.aborted) {
      try {
        await link.ready(ended.signal);
        sequence += 1;
        const { answer, tripMs } = await sendOne(beat, sequence, trip, intervalMs);
        const first = trip === undefined;
        trip = tripMs;
        kit.meter.trips.add(tripMs);
        intervalMs = Number(answer.nextMs);
        await learnHubs(kit, answer.nodeAddresses);
        // A hub that was away learns at once that we are still here.
        using wake = linked(ended.signal, link.moving());
        await world.timers.sleep(first ? secondAfterMs : intervalMs, wake.signal);
      } catch (thrown) {
        if (ended.signal.aborted) return;
        if (await startOver(beat, errorOf(thrown))) sequence = 0;
        await world.timers.sleep(Math.min(intervalMs, answerMsMin), ended.signal);
      }
    }
  }

  return { roundTripMs: () => trip, done: run() };
}

/** Remembers where else to go when this hub does not answer, in the next run as well. */
async function learnHubs(kit: NodeKit, nodeAddresses: readonly string[]): Promise<void> {
  const { membership, store } = kit;
  const { admission } = membership;
  const unchanged = nodeAddresses.toSorted().join() === admission.nodeAddresses.toSorted().join();
  if (nodeAddresses.length === 0 || unchanged) return;
  kit.membership = {
    ...membership,
    admission: { ...admission, nodeAddresses: [...nodeAddresses] },
  };
  await writeHubs(store, nodeAddresses);
}

async function sendOne(
  { kit, client, epochs, health }: HeartbeatKit,
  sequence: number,
  tripMs: number | undefined,
  intervalMs: number,
): Promise<{ answer: HeartbeatResponse; tripMs: number }> {
  const { clock } = kit.world;
  const epoch = BigInt(await epochs.current());
  const { healthy, reasons = [] } = await health();
  const askedMs = clock.monotonic();
  const answer = await client.heartbeat(
    {
      epoch,
      sequence: BigInt(sequence),
      // As this machine's clock shows it: the hub measures how wrong it is.
      sentMs: BigInt(Math.round(clock.now())),
      roundTripUs: tripMs === undefined ? undefined : BigInt(Math.round(tripMs * 1_000)),
      health: healthy ? HealthStatus.HEALTHY : HealthStatus.DEGRADED,
      reasons: reasons.slice(0, reasonsMax).map((one) => one.slice(0, reasonLengthMax)),
    },
    { timeoutMs: Math.max(answerMsMin, intervalMs), signal: kit.ended.signal },
  );
  const answeredMs = clock.monotonic();
  kit.clock.learn(Number(answer.hubTimeMs), askedMs, answeredMs);
  return { answer, tripMs: answeredMs - askedMs };
}

/** Acts on what a refusal says; true when the sequence begins again under a new epoch. */
async function startOver(beat: HeartbeatKit, error: FoedusError): Promise<boolean> {
  const { kit, link, epochs } = beat;
  if (error.reason === Reason.NODE_RETIRED) {
    kit.notice({ kind: "ended", error });
    kit.ended.abort(error);
  }
  if (error.code === Code.DeadlineExceeded) link.reset();
  if (error.reason === Reason.NODE_NOT_REGISTERED) await beat.register().catch(() => undefined);
  if (error.reason !== Reason.HEARTBEAT_EPOCH_OLD) return false;
  await epochs.renewed(Number(error.facts.known ?? 0));
  return true;
}
