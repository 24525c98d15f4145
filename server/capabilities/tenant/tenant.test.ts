import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { expect, test } from "vitest";
import { provision, resume, suspend } from "./tenant.ts";

const nowMs = 1_800_000_000_000;
const wish = { name: "acme", title: "", trustDomain: "foedus.local" };

test("a tenant's name is qualified by the trust domain, and is its title where it has none", () => {
  const { next, facts } = provision(wish, nowMs);
  expect(next).toMatchObject({ qualifiedName: "acme@foedus.local", title: "acme" });
  expect(facts).toHaveLength(1);
  expect(provision({ ...wish, title: "Acme Ltd" }, nowMs).next.title).toBe("Acme Ltd");
});

test("the hub's own name is nobody's", () => {
  const reserved = expect.objectContaining({ reason: Reason.TENANT_RESERVED }) as Error;
  expect(() => provision({ ...wish, name: "hub" }, nowMs)).toThrow(reserved);
});

test("suspending keeps the first reason, and resuming forgets it", () => {
  const { next: tenant } = provision(wish, nowMs);
  const once = suspend(tenant, "unpaid", "main", nowMs).next;
  expect(once).toMatchObject({ state: TenantState.SUSPENDED, reason: "unpaid" });
  expect(suspend(once, "again", "main", nowMs)).toEqual({ next: once, facts: [] });
  const back = resume(once, nowMs).next;
  expect(back).toMatchObject({ state: TenantState.ACTIVE, reason: "" });
  expect(resume(back, nowMs)).toEqual({ next: back, facts: [] });
});

test("the operators' own tenant cannot be suspended", () => {
  const { next: home } = provision({ ...wish, name: "main" }, nowMs);
  const refused = expect.objectContaining({ reason: Reason.TENANT_IS_HOME }) as Error;
  expect(() => suspend(home, "by mistake", "main", nowMs)).toThrow(refused);
});
