// Two processes of one hub over one database, and what each learns of the other.
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeRetiredSchema } from "@foedus/gen/foedus/node/v1/node_event_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { fact } from "@foedus/kernel/change.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  admissionIn,
  enrollRequest,
  newJoiner,
  newRequestId,
  reenterRequest,
} from "../../../tests/support/joiner.ts";
import { openTestStorage } from "../../../tests/support/storage.ts";
import { tell } from "../../runtime/storage/outbox.ts";
import type { Storage } from "../../runtime/storage/storage.ts";
import type { Admission } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { openDirectory, type Directory, type Presented } from "./directory.ts";
import { directoryLoops, learnAll, missedWake } from "./directory.loop.ts";
import { directoryStore } from "./directory.store.ts";
import { access } from "../access/index.ts";
import { identity } from "./index.ts";
import { slowTimes, until } from "../../../tests/support/until.ts";

const heardMs = 1_000 * slowTimes;
const farMs = 8_000_000_000_000;

let local: LocalHub;
let other: Storage & AsyncDisposable;
let directory: Directory;
const cut: string[] = [];
const ending = new AbortController();
let running: Promise<unknown> = Promise.resolve();

beforeAll(async () => {
  const values = { join_rate: "100000", control_rate: "100000" };
  local = await startLocalHub({ values, capabilities: [access, identity] });
  other = await openTestStorage(local.url);
  directory = openDirectory({
    trustDomain: "foedus.local",
    nowMs: () => other.nowMs(),
    cut: (id) => void cut.push(id),
    missed: () => other.wake.ring(missedWake, ""),
  });
  const store = directoryStore(other);
  await learnAll({ directory, store });
  const loops = directoryLoops({ storage: other, directory, store });
  running = Promise.all(loops.map((loop) => loop.run(ending.signal)));
});
afterAll(async () => {
  ending.abort();
  await running;
  await other[Symbol.asyncDispose]();
  await local.stop();
});

const admin = () => local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
const joiner = () => local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));

async function joined() {
  const { secret } = await admin().createToken({ requestId: newRequestId() });
  const who = await newJoiner(newSigningKey());
  return { who, admission: admissionIn(await joiner().enroll(enrollRequest(who, secret))) };
}

function shownBy({ spiffeId, certificate }: Admission): Presented {
  return { spiffeId, serial: certificate?.serial ?? "", expireMs: farMs };
}

function verdict(presented: Presented): string {
  try {
    return directory.authenticate(presented).id;
  } catch (error) {
    return error instanceof Fault ? reasonName(error.reason) : String(error);
  }
}

test("who enrolled at one process is known at the other at the second attempt", async () => {
  const { admission } = await joined();
  const first = verdict(shownBy(admission));
  expect(["CERTIFICATE_UNKNOWN", admission.spiffeId]).toContain(first);
  const known = () => expect(verdict(shownBy(admission))).toBe(admission.spiffeId);
  await vi.waitFor(known, { timeout: heardMs, interval: 10 });
});

test("a quarantine and its end, and a role, are felt at the other within a second", async () => {
  const { admission } = await joined();
  const presented = shownBy(admission);
  const felt = (what: string) =>
    vi.waitFor(() => expect(verdict(presented)).toBe(what), { timeout: heardMs, interval: 10 });
  await felt(admission.spiffeId);
  const node = admission.nodeId;
  await admin().quarantineNode({ requestId: newRequestId(), node, reason: "a look" });
  await felt("NODE_QUARANTINED");
  expect(cut).toContain(admission.spiffeId);
  await admin().releaseNode({ requestId: newRequestId(), node, reason: "fine" });
  await felt(admission.spiffeId);
  await admin().setNodeRole({ requestId: newRequestId(), node, role: Role.OBSERVER });
  const role = () => expect(directory.authenticate(presented).role).toBe(Role.OBSERVER);
  await vi.waitFor(role, { timeout: heardMs, interval: 10 });
});

test("who was revoked at one process is cut at the other within a second", async () => {
  const { admission } = await joined();
  const { spiffeId, nodeId } = admission;
  await until(() => expect(verdict(shownBy(admission))).toBe(spiffeId));
  await admin().revokeNode({ requestId: newRequestId(), node: nodeId, reason: "test" });
  const ended = () => expect(verdict(shownBy(admission))).toBe("NODE_REVOKED");
  await vi.waitFor(ended, { timeout: heardMs, interval: 10 });
  expect(cut).toContain(spiffeId);
});

test("a process that starts later knows who is valid and who was revoked", async () => {
  const [kept, ended] = [await joined(), await joined()];
  const node = ended.admission.nodeId;
  await admin().revokeNode({ requestId: newRequestId(), node, reason: "test" });
  const fresh = openDirectory({
    trustDomain: "foedus.local",
    nowMs: () => other.nowMs(),
    cut: () => undefined,
    missed: () => undefined,
  });
  await learnAll({ directory: fresh, store: directoryStore(other) });
  const serial = kept.admission.certificate?.serial ?? "";
  const caller = fresh.authenticate({ ...shownBy(kept.admission), serial });
  expect(caller).toMatchObject({ nodeId: kept.admission.nodeId, tenant: "main" });
  expect(() => fresh.authenticate(shownBy(ended.admission))).toThrow(/was revoked/);
});

test("a retired node's identity ends, and the retirement is told once", async () => {
  const { who, admission } = await joined();
  const { nodeId } = admission;
  const retired = fact(NodeRetiredSchema, nodeId, { node: { id: nodeId } });
  await local.hub.storage.tenant(home, (tx) => tell(tx, [retired]));
  const ended = async () => {
    const { identities } = await admin().listIdentities({ nodeIds: [nodeId] });
    expect(identities[0]?.revokeReason).toBe("retired");
  };
  await until(ended);
  await local.hub.storage.tenant(home, (tx) => tell(tx, [retired]));
  const { nonce } = await joiner().getChallenge({});
  const back = joiner().reenter(reenterRequest(who, admission, nonce));
  await expect(back).rejects.toThrow(/was revoked/);
  const told = await local.hub.storage.sweeper
    .selectFrom("outbox_log")
    .select("kind")
    .where("subject", "=", nodeId)
    .where("kind", "=", "identity.revoked")
    .execute();
  expect(told).toHaveLength(1);
});
