import {
  CollectionService,
  GetDigestResponseSchema,
  RepairStreamResponseSchema,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import type { StreamStatus } from "@foedus/gen/foedus/sync/v1/sync_status_pb.js";
import { wholeDigest } from "@foedus/kernel/sync/bucket.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import type { CliContext } from "../context.ts";
import type { HubClient } from "../hub-client.ts";
import { bad, dim, good, strong, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { digestText } from "./words.ts";

/** To count a million fields takes a while; a hub bounds it by call_ms_max. */
const countMs = 300_000;

/** For calls that count a stream. */
export function counting({ call }: HubClient): HubClient["call"] {
  return { ...call, timeoutMs: countMs };
}

/** What a stream holds, in numbers that two hubs can compare. */
export async function showDigest(
  context: CliContext,
  stream: Stream,
  recount: boolean,
): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(CollectionService).getDigest({ stream, recount }, counting(hub));
  await print.answer(GetDigestResponseSchema, answer, async () => {
    const { status, sound, buckets } = answer;
    if (status === undefined) return;
    await print.pairs(pairsOf(stream, status));
    if (!recount) return;
    if (sound) {
      print.line(good("Counted anew, it is the same."));
      return;
    }
    const counts = buckets.map(({ cells, digest }) => ({ cells, sum: digest }));
    const { cells, sum } = wholeDigest(counts);
    print.line(bad(`Counted anew it is ${counted(cells, "field")}, ${digestText(sum)}.`));
    print.line(`To set right what is kept: foedus sync repair ${streamText(stream)}`);
  });
}

function pairsOf(stream: Stream, status: StreamStatus): (readonly [string, Piece])[] {
  const { digest, cells, conflicts, head, horizon, epoch, vector } = status;
  const seen = Object.entries(vector).map(([hub, ctr]) => `${hub} ${ctr}`);
  return [
    ["Stream", strong(streamText(stream))],
    ["Digest", strong(digestText(digest))],
    ["Fields", String(cells)],
    ["Conflicts", String(conflicts)],
    ["Head", horizon === 0 ? String(head) : `${head}, from ${horizon + 1} on still in the log`],
    ["Seen", seen.length === 0 ? dim("nothing") : seen.toSorted().join(", ")],
    ["Log", epoch],
  ];
}

/** Counts a stream anew and sets right what is kept. */
export async function repairStream(context: CliContext, stream: Stream): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), stream };
  const answer = await hub.as(CollectionService).repairStream(request, counting(hub));
  await print.answer(RepairStreamResponseSchema, answer, () => {
    const { cells = 0, digest = 0 } = answer.status ?? {};
    const what = `${counted(cells, "field")}, ${digestText(digest)}`;
    if (answer.changed) {
      print.line(strong(streamText(stream)), ` is set right: ${what}.`);
      print.line("Whoever follows it begins anew, with a snapshot where it needs one.");
      return;
    }
    print.line(strong(streamText(stream)), ` was as it should be: ${what}. Nothing was changed.`);
  });
}
