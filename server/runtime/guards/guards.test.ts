import { create } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { Tier } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Audience, Effect, PolicySchema, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { insideCaller, stranger } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import { startBareHub, person } from "../../../tests/support/hub.bare.ts";
import { column } from "../../../tests/support/column.ts";
import { secretOf } from "./authenticate.ts";
import { admits, authorize } from "./authorize.ts";
import type { GuardCall } from "./guard.ts";
import { runGuards } from "./guard.ts";
import { leftHeader, limit } from "./limit.ts";
import { openRates, rateOf } from "./rates.ts";
import { rpcsOf } from "./rpc.ts";
import { shedLagMs, shedLeast } from "./shed.ts";

const main = tenantProved("main");

function callBy(caller: GuardCall["caller"], tier = Tier.P0): GuardCall {
  const [rpc] = rpcsOf(HubService, { tier });
  if (rpc === undefined) throw new Error("no method");
  const [header, answer] = [new Headers(), new Headers()];
  return {
    rpc,
    door: "web",
    address: "127.0.0.1",
    peer: undefined,
    host: "localhost",
    header,
    answer,
    caller,
  };
}

/** The service as it would be with one option taken off one method. */
function withoutPolicy() {
  const file = fromBinary(
    FileDescriptorProtoSchema,
    toBinary(FileDescriptorProtoSchema, HubService.file.proto),
  );
  const method = file.service[0]?.method[1];
  if (method?.options === undefined) throw new Error("nothing to plant in");
  method.options = undefined;
  const registry = createFileRegistry(file, (name) =>
    HubService.file.dependencies.find((one) => one.proto.name === name),
  );
  const planted = registry.getService(HubService.typeName);
  if (planted === undefined) throw new Error("nothing was planted");
  return planted;
}

test("a hub with one method without a policy does not boot, and says which", async () => {
  const planted = column(withoutPolicy(), {});
  await expect(startBareHub({ capabilities: [planted] })).rejects.toThrow(
    /HubService\/GetConfig has no policy/,
  );
});

test("guards run in order, and the first that refuses is the last that ran", async () => {
  const ran: number[] = [];
  const guards = [
    () => void ran.push(1),
    async () => void ran.push(2),
    () => {
      throw new Error("refused");
    },
    () => void ran.push(4),
  ];
  await expect(runGuards(guards, callBy(undefined))).rejects.toThrow("refused");
  expect(ran).toEqual([1, 2]);
});

test("guards that need not wait do not make the call wait", () => {
  expect(runGuards([() => undefined, () => undefined], callBy(undefined))).toBeUndefined();
});

test("whoever has a higher role may do what a lower one may, and never the other way round", () => {
  const roles = [Role.OBSERVER, Role.MEMBER, Role.ADMIN];
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.constantFrom(...roles), (least, role) => {
      const policy = create(PolicySchema, {
        audience: [Audience.PERSON],
        leastRole: least,
        effect: Effect.READ,
      });
      expect(admits(policy, person("p", role))).toBe(role >= least);
    }),
  );
});

test("another audience does not pass, whatever its role", () => {
  const policy = create(PolicySchema, { audience: [Audience.NODE], leastRole: Role.OBSERVER });
  expect(admits(policy, person("p", Role.ADMIN))).toBe(false);
  expect(admits(policy, stranger("visitor", "1"))).toBe(false);
});

test("the hub's own loops pass where no outsider is invited", () => {
  const policy = create(PolicySchema, { audience: [Audience.PERSON], leastRole: Role.ADMIN });
  expect(admits(policy, insideCaller("node", main))).toBe(true);
});

test("where strangers may, everybody may, but nowhere else", () => {
  const open = rpcsOf(IdentityService, { tier: Tier.P0 }).filter(({ policy }) =>
    admits(policy, stranger("joiner", "1")),
  );
  expect(open.map(({ method }) => method.name)).toEqual([
    "GetTrustBundle",
    "Enroll",
    "GetChallenge",
    "Reenter",
  ]);
  expect(() => void authorize(callBy(stranger("visitor", "1")))).toThrow("no session");
});

test("over a rate nobody passes, however the calls are spread", () => {
  const rate = rateOf(600);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 600 }), (gaps) => {
      const world = fixedWorld();
      const rates = openRates(world);
      const passed: number[] = [];
      for (const gap of gaps) {
        world.advance(gap);
        if (rates.take("k", rate) === 0) passed.push(world.clock.monotonic());
      }
      for (const [at, from] of passed.entries()) {
        const within = passed.slice(at).filter((ms) => ms < from + 60_000).length;
        expect(within).toBeLessThanOrEqual(rate.perMinute + rate.burst);
      }
    }),
    { numRuns: 50 },
  );
});

test("who waits as long as told passes", () => {
  const world = fixedWorld();
  const rates = openRates(world);
  const rate = rateOf(60);
  let waitMs = 0;
  while (waitMs === 0) waitMs = rates.take("k", rate);
  world.advance(waitMs);
  expect(rates.take("k", rate)).toBe(0);
});

test("who has little left of its rate is told so in the answer's header", () => {
  const config = create(HubConfigSchema, { controlRate: 60 });
  const guard = limit(openRates(fixedWorld()), () => config);
  const told = Array.from({ length: 30 }, () => {
    const call = callBy(person("p", Role.ADMIN));
    void guard(call);
    return call.answer.get(leftHeader);
  });
  expect(told.filter((left) => left !== null)).toEqual(["5", "4", "3", "2", "1", "0"]);
});

test("one caller over its rate takes nothing from another", () => {
  const rates = openRates(fixedWorld());
  const rate = rateOf(60);
  while (rates.take("a", rate) === 0);
  expect(rates.take("b", rate)).toBe(0);
});

test("what matters least is left out while the process is late", () => {
  const late = shedLeast(() => shedLagMs + 1);
  expect(() => void late(callBy(undefined, Tier.P2))).toThrow("overloaded");
  expect(() => void late(callBy(undefined, Tier.P0))).not.toThrow();
  expect(() => void shedLeast(() => 0)(callBy(undefined, Tier.P2))).not.toThrow();
});

test.each([
  [{ authorization: "Bearer abc.def" }, "abc.def"],
  [{ authorization: "bearer abc" }, "abc"],
  [{ cookie: "foedus_session=abc" }, "abc"],
  [{ cookie: "a=1; foedus_session=abc; b=2" }, "abc"],
  [{ cookie: "not_foedus_session=abc" }, undefined],
  [{ cookie: "foedus_session=a b" }, undefined],
  [{ authorization: "Basic abc" }, undefined],
  [{ authorization: `Bearer ${"a".repeat(512)}` }, "a".repeat(512)],
  [{ authorization: `Bearer ${"a".repeat(513)}` }, undefined],
  [{}, undefined],
])("%j holds the secret %s", (headers, secret) => {
  expect(secretOf(new Headers(headers))).toBe(secret);
});
