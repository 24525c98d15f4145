import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Link } from "@foedus/gen/foedus/link/v1/link_pb.js";
import {
  LinkService,
  ListLinksResponseSchema,
} from "@foedus/gen/foedus/link/v1/link_service_pb.js";
import type { CliContext } from "../context.ts";
import { allPages } from "../pages.ts";
import { unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";
import { breakerOf, errorsOf, messagesOf, standingOf, tripsOf } from "./words.ts";

const head = [
  "NODE",
  "LINK",
  "PROTOCOL",
  "MESSAGES",
  "ROUND TRIP",
  "ERRORS",
  "BREAKER",
  "REPORTED",
];

/** The links of the tenant's nodes. */
export async function listLinks({ print, hub: open }: CliContext): Promise<void> {
  const hub = await open();
  const client = hub.as(LinkService);
  const links = await allPages(
    (page) => client.listLinks({ page }, hub.call),
    (page) => page.links,
  );
  const answer = create(ListLinksResponseSchema, { links });
  await print.answer(ListLinksResponseSchema, answer, async () => {
    if (links.length === 0) {
      print.line("No node has opened a link yet: a node does as soon as it connects.");
      return;
    }
    const nowMs = hub.nowMs();
    await print.table(
      head,
      links.map((link) => rowOf(link, nowMs)),
    );
  });
}

function rowOf(link: Link, nowMs: number): Piece[] {
  const { reportTime, terms } = link;
  return [
    link.nodeName,
    standingOf(link),
    terms === undefined ? unknown : String(terms.protocol),
    messagesOf(link),
    tripsOf(link),
    errorsOf(link),
    breakerOf(link),
    reportTime === undefined ? unknown : agoText(timestampMs(reportTime), nowMs),
  ];
}
