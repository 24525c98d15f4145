import { create } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Audience, Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { SaveViewRequestSchema } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import type { PersonCaller } from "@foedus/kernel/caller.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { expect, test } from "vitest";
import { changedView, newView, requireRemovable, viewsMax } from "./view.ts";

function personOf(personId: string, role: Role): PersonCaller {
  const session = { sessionId: "ses_1", operator: false };
  const standing = { kind: "person", audience: Audience.PERSON } as const;
  return { ...standing, ...session, tenant: tenantProved("t"), role, personId, id: personId };
}

const ada = personOf("ada", Role.MEMBER);
const own = { name: "offline ones", path: "/node?state=offline", shared: false };
const made = { id: "view_1", has: 0, nowMs: 5 };
const kept = newView(own, ada, made);
const sharedOne = newView({ ...own, shared: true }, ada, made);
const refused = (reason: Reason) => expect.objectContaining({ reason }) as unknown;

test("the last view that a person may have is kept, and none after it", () => {
  expect(newView(own, ada, { ...made, has: viewsMax - 1 }).personId).toBe("ada");
  expect(() => newView(own, ada, { ...made, has: viewsMax })).toThrow(
    expect.objectContaining({ reason: Reason.VIEWS_FULL }),
  );
});

test("sharing needs the role member, and an observer keeps views for themselves", () => {
  const watcher = personOf("watcher", Role.OBSERVER);
  const view = newView(own, watcher, made);
  const denied = refused(Reason.NOT_ALLOWED);
  expect(() => newView({ ...own, shared: true }, watcher, made)).toThrow(denied);
  expect(() => changedView(view, { ...own, shared: true }, watcher)).toThrow(denied);
});

test("a view that was shared may be renamed and withdrawn by who has become an observer", () => {
  const since = personOf("ada", Role.OBSERVER);
  expect(changedView(sharedOne, { ...own, name: "x", shared: true }, since).name).toBe("x");
  expect(changedView(sharedOne, own, since).shared).toBe(false);
});

test("somebody else's own view is not there, not even for an admin", () => {
  const admin = personOf("root", Role.ADMIN);
  const absent = refused(Reason.NOT_FOUND);
  expect(() => changedView(kept, own, admin)).toThrow(absent);
  expect(() => requireRemovable(kept, admin)).toThrow(absent);
});

test("a shared view is changed by its person alone, and removed by an admin too", () => {
  const other = personOf("bob", Role.MEMBER);
  const admin = personOf("root", Role.ADMIN);
  const notTheirs = refused(Reason.NOT_YOURS);
  expect(() => changedView(sharedOne, own, other)).toThrow(notTheirs);
  expect(() => changedView(sharedOne, own, admin)).toThrow(notTheirs);
  expect(() => requireRemovable(sharedOne, other)).toThrow(notTheirs);
  requireRemovable(sharedOne, admin);
  requireRemovable(sharedOne, ada);
});

const validator = createValidator();

function isTaken(wish: { name?: string; path?: string }): boolean {
  const request = { requestId: "12345678", name: "x", path: "/node", ...wish };
  return (
    validator.validate(SaveViewRequestSchema, create(SaveViewRequestSchema, request)).kind ===
    "valid"
  );
}

test("a path leads nowhere but to this page", () => {
  const ways = ["/", "/node", "/node?state=offline,degraded&q=%C3%A9&at=1.5,-2,3", "/a/b/"];
  expect(ways.filter((path) => !isTaken({ path }))).toEqual([]);
  const elsewhere = ["//evil.example", "/\\evil.example", "https://evil.example", "node", ""];
  const strange = [
    "/a//b",
    "/a\\b",
    "/a b",
    "/a\nb",
    "/a\u0000",
    "/\u202ea",
    "javascript:alert(1)",
  ];
  expect([...elsewhere, ...strange].filter((path) => isTaken({ path }))).toEqual([]);
});

test("a path of 2,000 characters is taken, and one longer is not", () => {
  expect(isTaken({ path: `/${"a".repeat(1_999)}` })).toBe(true);
  expect(isTaken({ path: `/${"a".repeat(2_000)}` })).toBe(false);
});

test("a name is any text that can be read, of up to 80 letters", () => {
  const names = ["x", "Offline, by project", "<script>", "עברית", "🚀 prod", "a".repeat(80)];
  expect(names.filter((name) => !isTaken({ name }))).toEqual([]);
  const none = ["", " ", " x", "x ", "a\nb", "\u0000", "a".repeat(81)];
  expect(none.filter((name) => isTaken({ name }))).toEqual([]);
});
