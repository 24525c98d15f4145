// Modes switch while a hundred join: every admission is explained by the mode at its commit.
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { AccessMode } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { AccessModeChangedSchema } from "@foedus/gen/foedus/access/v1/access_event_pb.js";
import { AccessService } from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type { EnrollResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { IdentityEnrolledSchema } from "@foedus/gen/foedus/identity/v1/identity_event_pb.js";
import type { Identity } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { hex } from "@foedus/kernel/bytes.ts";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import { enrollRequest, newJoiner } from "../../../tests/support/joiner.ts";
import { fromBody } from "../../runtime/storage/body.ts";
import { readLog } from "../../runtime/storage/log.ts";
import { identity } from "../identity/index.ts";
import { access } from "./index.ts";

const joiners = 100;
const withToken = 30;
/** So many answers are heard under each mode before the next one. */
const answersEach = 60;
const joinedEnough = 90;
const pageMax = 500;

let local: LocalHub;
beforeAll(async () => {
  const values = { join_rate: "10000000", control_rate: "10000000" };
  local = await startLocalHub({ values, capabilities: [identity, access] });
});
afterAll(() => local.stop());

const admin = () => local.hub.calls.as(AccessService, personCaller(home, Role.ADMIN));
const identities = () => local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));

/** What somebody may be refused for who comes back later: by the mode, or by a busy database. */
const passing = new Set([
  "TOKEN_REQUIRED",
  "JOIN_NOT_INVITED",
  "JOIN_UNSETTLED",
  "DATABASE_UNREACHABLE",
]);

let answers = 0;
let came = 0;

/** Makes somebody who asks with the very same request until it is in; then its node's id. */
async function persistent(at: number): Promise<() => Promise<string>> {
  const made =
    at < withToken ? await identities().createToken({ requestId: randomUUID() }) : undefined;
  const who = await newJoiner();
  const request = enrollRequest(who, made?.secret ?? "", `joiner-${at}`);
  const whole = { ...request, requestId: randomUUID(), tenant: made === undefined ? "main" : "" };
  const client = local.hub.calls.as(IdentityService, stranger("joiner", `192.0.2.${at}`));
  return async () => {
    for (;;) {
      const answer = await client.enroll(whole).catch((error: unknown) => refusedFor(error));
      answers += 1;
      if (answer?.admission === undefined) continue;
      came += 1;
      return answer.admission.nodeId;
    }
  };
}

function refusedFor(error: unknown): EnrollResponse | undefined {
  if (error instanceof Fault && passing.has(reasonName(error.reason))) return undefined;
  throw error;
}

/** Approves whoever waits, as fast as it can. */
async function approveAll(ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const states = [JoinRequestState.WAITING];
    const { joinRequests } = await admin().listJoinRequests({ states });
    // Every other one: the rest comes in by an open door.
    for (const { id: joinRequestId, fingerprint, name } of joinRequests) {
      if (Number(name.split("-")[1]) % 2 === 1) continue;
      const wish = { requestId: randomUUID(), joinRequestId, fingerprint };
      await admin()
        .approveJoin(wish)
        .catch(() => undefined);
    }
  }
}

const cycle = [AccessMode.INVITE, AccessMode.APPROVAL, AccessMode.INVITE, AccessMode.OPEN] as const;

async function switchModes(): Promise<void> {
  for (let at = 0; came < joinedEnough; at += 1) {
    const mode = cycle[at % cycle.length] ?? AccessMode.OPEN;
    await admin().setAccessMode({ requestId: randomUUID(), mode });
    const [heard, before] = [answers, came];
    // A mode that admits stays until it did, however busy the machine is.
    const served = () => mode === AccessMode.INVITE || came > before;
    const done = () => answers >= heard + answersEach && served();
    while (!done() && came < joinedEnough) await setImmediate();
  }
  await admin().setAccessMode({ requestId: randomUUID(), mode: AccessMode.OPEN });
}

/** The tenant's facts in the order of commits: who came in under which mode. */
async function admissions(): Promise<{ mode: AccessMode; identity: Identity; tokenId: string }[]> {
  const kinds = ["access.mode_changed", "identity.enrolled"];
  const page = await local.hub.storage.tenant(home, (tx) =>
    readLog(tx, "outbox", 0n, pageMax, { kinds }),
  );
  let mode: AccessMode = AccessMode.APPROVAL;
  return page.entries.flatMap(({ kind, body }) => {
    if (kind === "access.mode_changed") {
      mode = fromBody(AccessModeChangedSchema, body).settings?.mode ?? mode;
      return [];
    }
    const { identity: joined, tokenId } = fromBody(IdentityEnrolledSchema, body);
    return joined === undefined ? [] : [{ mode, identity: joined, tokenId }];
  });
}

test("a hundred join while modes switch: none by an old mode, none lost, none twice", async () => {
  const ended = new AbortController();
  const all = await Promise.all(Array.from({ length: joiners }, (_, at) => persistent(at)));
  const approving = approveAll(ended.signal);
  const joining = all.map((join) => join());
  await switchModes();
  const nodeIds = await Promise.all(joining);
  ended.abort();
  await approving;
  const admitted = await admissions();
  expect(admitted).toHaveLength(joiners);
  expect(new Set(nodeIds).size).toBe(joiners);
  expect(new Set(admitted.map((one) => hex(one.identity.identityKey))).size).toBe(joiners);
  const unexplained = admitted.filter(({ mode, identity: joined, tokenId }) => {
    if (mode === AccessMode.INVITE) return true;
    return tokenId === "" && !joined.vouched && mode !== AccessMode.OPEN;
  });
  expect(unexplained).toEqual([]);
  expect(new Set(admitted.map(({ mode }) => mode)).size, "both modes that admit did").toBe(2);
});
