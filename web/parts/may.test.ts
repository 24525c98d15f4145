import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { expect, test } from "vitest";
import { mayCall, youAre } from "./may.ts";

test("an admin may revoke, a member is told what it would need", () => {
  expect(mayCall(IdentityService.method.revokeNode, Role.ADMIN).allowed).toBe(true);
  expect(mayCall(IdentityService.method.revokeNode, Role.MEMBER)).toEqual({
    allowed: false,
    why: "This needs the role admin; you are a member. Ask an admin.",
  });
});

test("a rule may ask more of people than the policy asks of everybody", () => {
  const { retireNode } = NodeService.method;
  expect(mayCall(retireNode, Role.OBSERVER).allowed).toBe(true);
  expect(mayCall(retireNode, Role.MEMBER, Role.ADMIN).allowed).toBe(false);
});

test("people may not send heartbeats", () => {
  expect(mayCall(NodeService.method.heartbeat, Role.ADMIN).allowed).toBe(false);
});

test("whoever is told what they are is told it in English", () => {
  expect([Role.OBSERVER, Role.MEMBER, Role.ADMIN, Role.UNSPECIFIED].map(youAre)).toEqual([
    "you are an observer",
    "you are a member",
    "you are an admin",
    "you have no role",
  ]);
});
