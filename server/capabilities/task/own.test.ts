import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { Caller } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { demandOwn } from "./own.ts";

const node = "spiffe://foedus.local/tenant/main/node/node_1";
const submitters = [node, `${node}/agent/scout`, `${node}2`, "person/one", "person/other"];

function callerOf(id: string, role = Role.MEMBER): Caller {
  const personId = "one";
  const rest = { personId, sessionId: "s", operator: false, tenant: tenantProved("main") };
  return { kind: "person", audience: Audience.PERSON, id, role, ...rest };
}

/** Whose tasks the caller may call off. */
function own(caller: Caller): string[] {
  return submitters.filter((submitter) => {
    try {
      demandOwn(caller, { id: "task_1", submitter });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ reason: Reason.NOT_YOURS });
      return false;
    }
  });
}

test("a node and its agents stand for each other, and for nobody else", () => {
  const theirs = [node, `${node}/agent/scout`];
  expect(own(callerOf(node))).toEqual(theirs);
  expect(own(callerOf(`${node}/agent/other`))).toEqual(theirs);
  expect(own(callerOf("person/one"))).toEqual(["person/one"]);
  expect(own(callerOf("svc/learning", Role.ADMIN))).toEqual(submitters);
});
