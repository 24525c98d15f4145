import { create } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import {
  CollectionService,
  GetDigestResponseSchema,
  type GetDigestResponse,
} from "@foedus/gen/foedus/sync/v1/collection_service_pb.js";
import type { Stream } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { cellKey } from "@foedus/kernel/sync/op.ts";
import { streamText } from "@foedus/kernel/sync/stream.ts";
import { dominates } from "@foedus/kernel/sync/vector.ts";
import { FoedusError } from "@foedus/sdk/error.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { openHub, type HubClient } from "../hub-client.ts";
import { bad, dim, good, strong, warn } from "../paint.ts";
import { findSession } from "../session.ts";
import { counted } from "../words/plural.ts";
import { counting } from "./digest.ts";
import { digestText } from "./words.ts";

/** One of two hubs, and what it counted. */
interface Side {
  readonly hub: HubClient;
  readonly client: Client<typeof CollectionService>;
  readonly digest: GetDigestResponse;
}

/** A field that two hubs hold otherwise. */
interface Difference {
  readonly record: string;
  readonly field: string;
  readonly held: "here only" | "there only" | "otherwise";
}

/** Of so many parts the fields are named; of the others it is only said that they differ. */
const bucketsNamed = 16;
const linesMax = 100;

/** Whether two hubs hold the same of a stream, and where they do not. */
export async function compareStream(
  context: CliContext,
  stream: Stream,
  other: string,
): Promise<void> {
  const { world, environment, signal, folder, print } = context;
  const session = () => findSession({ context: other }, environment, folder);
  const [here, there] = await Promise.all([
    sideOf(await context.hub(), stream),
    sideOf(openHub({ world, signal, session }), stream),
  ]);
  const buckets = differing(here.digest, there.digest);
  const named = buckets.slice(0, bucketsNamed);
  const found = await Promise.all(named.map((bucket) => fieldsOf(here, there, stream, bucket)));
  const differences = found.flat();
  const isSame = buckets.length === 0;
  if (here.digest.status === undefined && there.digest.status === undefined) {
    throw new Fault(Reason.NOT_FOUND, { object: `stream ${streamText(stream)}` });
  }
  if (print.output === "json") {
    const fields = differences.map(({ record, field, held }) => ({ record, field, held }));
    print.json({ same: isSame, buckets, fields });
  } else if (isSame) {
    const { cells = 0, digest = 0 } = here.digest.status ?? {};
    const what = `${counted(cells, "field")}, ${digestText(digest)}`;
    print.line(good("Both hold the same"), ` of ${streamText(stream)}: ${what}.`);
  } else await tell(context, stream, { here, there }, { buckets, differences });
  if (!isSame) throw new Ended(exitCodes.failed);
}

async function sideOf(hub: HubClient, stream: Stream): Promise<Side> {
  const client = hub.as(CollectionService);
  try {
    return {
      hub,
      client,
      digest: await client.getDigest({ stream, recount: true }, counting(hub)),
    };
  } catch (error) {
    if (!isMissing(error)) throw error;
    // To the other hub it is a stream that holds nothing.
    return { hub, client, digest: create(GetDigestResponseSchema) };
  }
}

function isMissing(thrown: unknown): boolean {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof FoedusError) return at.reason === Reason.NOT_FOUND;
  }
  return false;
}

/** The parts in which two counts differ, in order. */
function differing(one: GetDigestResponse, other: GetDigestResponse): number[] {
  const digests = (answer: GetDigestResponse) =>
    new Map(answer.buckets.map(({ bucket, cells, digest }) => [bucket, `${cells} ${digest}`]));
  const [mine, others] = [digests(one), digests(other)];
  const all = [...new Set([...mine.keys(), ...others.keys()])];
  return all.filter((bucket) => mine.get(bucket) !== others.get(bucket)).toSorted((a, b) => a - b);
}

async function fieldsOf(
  here: Side,
  there: Side,
  stream: Stream,
  bucket: number,
): Promise<Difference[]> {
  const ask = async ({ client, hub, digest }: Side) =>
    digest.status === undefined
      ? digest
      : await client.getDigest({ stream, bucket }, counting(hub));
  const [mine, others] = (await Promise.all([ask(here), ask(there)])).map(printsOf);
  if (mine === undefined || others === undefined) return [];
  const names = new Map([...mine, ...others].map(([key, { name }]) => [key, name]));
  return [...names].flatMap(([key, { record, field }]): Difference[] => {
    const [one, other] = [mine.get(key)?.print, others.get(key)?.print];
    if (one === other) return [];
    const held = one === undefined ? "there only" : other === undefined ? "here only" : "otherwise";
    return [{ record, field, held }];
  });
}

function printsOf({ cells, fingerprints }: GetDigestResponse) {
  return new Map(cells.map((name, at) => [cellKey(name), { name, print: fingerprints[at] }]));
}

const head = ["RECORD", "FIELD", "DIFFERS"];

async function tell(
  { print }: CliContext,
  stream: Stream,
  { here, there }: { readonly here: Side; readonly there: Side },
  { buckets, differences }: Found,
): Promise<void> {
  print.line(bad("They differ"), ` in ${buckets.length} of 256 parts of ${streamText(stream)}.`);
  const [mine = {}, others = {}] = [here, there].map(({ digest }) => digest.status?.vector);
  if (dominates(mine, others) !== dominates(others, mine)) {
    const ahead = dominates(mine, others) ? here : there;
    print.line(warn(`${ahead.hub.address} has seen more: the other may only be behind.`));
  }
  await print.table(
    head,
    differences.slice(0, linesMax).map(({ record, field, held }) => {
      return [strong(record), field, heldText(held, here, there)];
    }),
  );
  const more = buckets.length - bucketsNamed;
  if (more > 0) print.note(dim(`So far the first ${bucketsNamed} parts; ${more} more differ.`));
  else if (differences.length > linesMax) print.note(dim(`The first ${linesMax} are shown.`));
}

interface Found {
  readonly buckets: readonly number[];
  readonly differences: readonly Difference[];
}

function heldText(held: Difference["held"], here: Side, there: Side): string {
  if (held === "otherwise") return "they hold different writes";
  return `only ${held === "here only" ? here.hub.address : there.hub.address} has it`;
}
