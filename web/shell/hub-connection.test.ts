import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { Connection } from "../parts/follow.ts";
import { hubConnection } from "./hub-connection.ts";

const live: Connection = { state: "live", sinceMs: 1 };
const away = { sinceMs: 1, attempt: 2, nextMs: 9 } as const;
const gone: Connection = { ...away, state: "offline", trouble: undefined };
const trouble = { code: Code.Unavailable, text: "", cause: "", fix: "", facts: [] };

test("a hub that went silent is gone, though the stream of the nodes did not end", () => {
  expect(hubConnection(live, gone)).toBe(gone);
  const unreachable: Connection = { ...gone, trouble: { ...trouble, reason: "HUB_UNREACHABLE" } };
  expect(hubConnection(live, unreachable)).toBe(unreachable);
});

test("the nodes' own stream says first when it is not live", () => {
  const lost: Connection = { ...away, state: "reconnecting", trouble: undefined };
  expect(hubConnection(lost, gone)).toBe(lost);
});

test("a hub that sheds the log is there, and so is one that reconnects for a moment", () => {
  const shed: Connection = { ...gone, trouble: { ...trouble, reason: "SHED" } };
  expect(hubConnection(live, shed)).toBe(live);
  expect(hubConnection(live, { ...away, state: "reconnecting", trouble: undefined })).toBe(live);
});
