import { create } from "@bufbuild/protobuf";
import { NetworkHealth } from "@foedus/gen/foedus/event/v1/event_event_pb.js";
import { HubProcessSchema, Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { expect, test } from "vitest";
import type { Findings } from "./health.ts";
import { judge } from "./health.ts";

const fine: Findings = {
  nowMs: 1_800_000_000_000,
  online: 100,
  degraded: 0,
  offline: 0,
  maintenance: 0,
  quarantined: 0,
  waiting: 0,
  failing: [],
  network: NetworkHealth.HEALTHY,
  lost: [],
  unserved: [],
};
const told = (findings: Partial<Findings>) => {
  const { status, reasons } = judge({ ...fine, ...findings });
  return { status, reasons };
};

test("all nodes there: healthy, and no reasons", () => {
  expect(told({})).toEqual({ status: "healthy", reasons: [] });
});

test("without nodes it is unknown", () => {
  expect(told({ online: 0 })).toEqual({ status: "unknown", reasons: ["no node has joined yet"] });
});

test("a twentieth of the nodes silent is degraded, a half is critical", () => {
  expect(told({ online: 96, offline: 4 }).status).toBe("healthy");
  expect(told({ online: 95, offline: 5 })).toEqual({
    status: "degraded",
    reasons: ["5 of 100 nodes are offline"],
  });
  expect(told({ online: 51, offline: 49 }).status).toBe("degraded");
  expect(told({ online: 50, offline: 50 }).status).toBe("critical");
});

test("who is being worked on or cut off is not missed", () => {
  expect(told({ maintenance: 500 }).status).toBe("healthy");
  expect(told({ quarantined: 1 })).toEqual({
    status: "degraded",
    reasons: ["1 node is quarantined and waits for a decision"],
  });
});

test("a fifth of the nodes in trouble is the federation's trouble", () => {
  expect(told({ online: 81, degraded: 19 }).status).toBe("healthy");
  expect(told({ online: 80, degraded: 20 }).reasons).toEqual(["20 of 100 nodes report trouble"]);
});

test("newcomers who wait are no illness", () => {
  expect(told({ waiting: 12 }).status).toBe("healthy");
});

test("what the hub cannot do without is critical, the rest degrades it", () => {
  expect(told({ failing: [{ name: "event", tier: Tier.P1 }] }).status).toBe("degraded");
  expect(told({ failing: [{ name: "node", tier: Tier.P0 }] }).status).toBe("critical");
});

test("the network's trust counts as learning found it, and not before its first cycle", () => {
  expect(told({ network: NetworkHealth.UNSPECIFIED }).status).toBe("healthy");
  expect(told({ network: NetworkHealth.DEGRADED }).status).toBe("degraded");
  expect(told({ network: NetworkHealth.CRITICAL }).status).toBe("critical");
});

test("the most important reason comes first", () => {
  const dead = create(HubProcessSchema, { spiffeId: "spiffe://a/hub/b", nodeAddress: "h:1" });
  const { status, reasons } = told({
    lost: [dead],
    online: 1,
    offline: 1,
    failing: [{ name: "learning", tier: Tier.P2 }],
  });
  expect(status).toBe("critical");
  expect(reasons).toEqual([
    "1 of 2 nodes is offline",
    "capability learning (P2) does not serve",
    "hub spiffe://a/hub/b, which listened at h:1, died and did not come back",
  ]);
});

test("tasks that wait where nobody works are told of, the longest wait first", () => {
  const queue = (name: string, minutes: number, ready = 2) => {
    return { name, ready, sinceMs: fine.nowMs - minutes * 60_000 };
  };
  expect(told({ unserved: [queue("scans", 5, 1), queue("mail", 90)] })).toEqual({
    status: "degraded",
    reasons: [
      "queue mail has no worker, and 2 tasks wait, for 90 min by now",
      "queue scans has no worker, and 1 task waits, for 5 min by now",
    ],
  });
  const many = Array.from({ length: 5 }, (_, at) => queue(`queue-${at}`, 10 + at));
  expect(told({ unserved: many }).reasons.at(-1)).toBe(
    "2 more queues have tasks that wait and no worker",
  );
});
