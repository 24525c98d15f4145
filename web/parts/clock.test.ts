import { expect, test } from "vitest";
import { localTime, withLocalTimes } from "./clock.ts";

test("an instant among the hub's words is told in the reader's calendar", () => {
  const at = "2026-11-21T16:39:12.687Z";
  const local = localTime(1_795_279_152_687, "full");
  expect(withLocalTimes(`no heartbeat since ${at}, and none before ${at}`)).toBe(
    `no heartbeat since ${local}, and none before ${local}`,
  );
  expect(withLocalTimes("version 2026-11-21 is no instant")).toBe(
    "version 2026-11-21 is no instant",
  );
});
