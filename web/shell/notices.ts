import { createClient } from "@connectrpc/connect";
import { useTransport } from "@connectrpc/connect-query";
import {
  EventService,
  type SubscribeResponse,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { after } from "../parts/clock.ts";
import { silenceMs } from "../parts/follow.ts";
import { createLive, type Live } from "../parts/live.ts";
import {
  type Area,
  noNotices,
  noticed,
  type Notices,
  noticeTypes,
  turnedSince,
} from "../parts/notices.ts";
import { useHold } from "../parts/use-live.ts";

/** A burst of changes is one reason to look again, not many. */
const settleMs = 300;

/** While the page is open, what the log tells to have changed is asked again. */
export function useNotices(): Live<Notices> {
  const transport = useTransport();
  const client = useQueryClient();
  const [live] = useState(() => {
    const events = createClient(EventService, transport);
    return createLive<Notices, SubscribeResponse>({
      first: noNotices,
      open: ({ cursor }, signal) =>
        events.subscribe(
          { types: noticeTypes, ...(cursor !== undefined && { afterCursor: cursor }) },
          { signal },
        ),
      reduce: noticed,
      reconnect: ({ item }) => (item.case === "reconnect" ? Number(item.value.afterMs) : undefined),
      silenceMs,
      forget: (notices) => ({ ...notices, cursor: undefined }),
    });
  });
  useHold(live);
  useEffect(() => {
    let seen = live.read();
    let cancel: (() => void) | undefined;
    const look = () => {
      cancel = undefined;
      const now = live.read();
      askAgain(client, turnedSince(seen, now));
      seen = now;
    };
    const leave = live.subscribe(() => {
      if (turnedSince(seen, live.read()).length > 0) cancel ??= after(settleMs, look);
    });
    return () => {
      leave();
      cancel?.();
    };
  }, [client, live]);
  return live;
}

function askAgain(client: QueryClient, areas: readonly Area[]): void {
  if (areas.length === 0) return;
  const prefixes = areas.map((area) => `foedus.${area}.`);
  void client.invalidateQueries({ predicate: (query) => isOf(query, prefixes) });
}

/** The health of the federation is made of all the others. */
function isOf(query: Query, prefixes: readonly string[]): boolean {
  const about: unknown = query.queryKey[1];
  if (typeof about !== "object" || about === null) return false;
  const { serviceName = "", methodName = "" } = about as Record<string, string>;
  return (
    methodName === "GetFederationHealth" ||
    prefixes.some((prefix) => serviceName.startsWith(prefix))
  );
}
