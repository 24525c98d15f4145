import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import { GetLinkResponseSchema, LinkService } from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import { utcText } from "@foedus/kernel/time.ts";
import type { CliContext } from "../context.ts";
import { dim, strong, unknown, type Piece } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { agoText, tripText } from "../words/span.ts";
import { breakerOf, bytesOf, errorsOf, messagesOf, standingOf, tripsOf } from "./words.ts";

/** All that both ends know of one link. */
export async function showLink(context: CliContext, node: string): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(LinkService).getLink({ node }, hub.call);
  await print.answer(GetLinkResponseSchema, answer, async () => {
    const { link } = answer;
    if (link !== undefined) await print.pairs([...agreed(link, hub.nowMs()), ...passed(link)]);
  });
}

type Pair = readonly [string, Piece];

function agreed(link: Link, nowMs: number): Pair[] {
  const { terms, software, openTime, reportTime } = link;
  const capabilities = terms?.capabilities ?? [];
  return [
    ["Node", strong(link.nodeName)],
    ["Link", standingOf(link)],
    ["Opened", when(openTime, nowMs)],
    ["Protocol", terms === undefined ? unknown : String(terms.protocol)],
    ["Both can", capabilities.length === 0 ? dim("nothing more") : capabilities.join(", ")],
    ["Node runs", software],
    ["Hub runs", terms?.hubSoftware ?? unknown],
    ["Node reported", when(reportTime, nowMs)],
  ];
}

function passed(link: Link): Pair[] {
  const { counts, roundTripUs } = link;
  const opens = counts?.breakerOpens ?? 0;
  return [
    ["Messages", messagesOf(link)],
    ["Bytes", bytesOf(link)],
    ["Errors", errorsOf(link)],
    ["Healed", counts === undefined ? unknown : counted(counts.heals, "time")],
    ["Breaker", breakerOf(link)],
    ...(opens === 0 ? [] : [["Breaker opened", counted(opens, "time")] as const]),
    ["Round trip", roundTripUs === undefined ? unknown : tripText(Number(roundTripUs))],
    ["Mean of 64", tripsOf(link)],
  ];
}

function when(time: Timestamp | undefined, nowMs: number): Piece {
  if (time === undefined) return unknown;
  const ms = timestampMs(time);
  return `${agoText(ms, nowMs)} (${utcText(ms)})`;
}
