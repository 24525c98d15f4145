import type { Connection } from "../parts/follow.ts";

/**
 * How the hub is reached, by the two streams of every page. That of the nodes is silent while nothing
 * happens, so a hub that only stopped answering is noticed by the other one, which is never silent.
 */
export function hubConnection(nodes: Connection, notices: Connection): Connection {
  if (nodes.state !== "live" || notices.state !== "offline") return nodes;
  // Where the hub itself says why, it is there.
  const reason = notices.trouble?.reason ?? "";
  return reason === "" || reason === "HUB_UNREACHABLE" ? notices : nodes;
}
