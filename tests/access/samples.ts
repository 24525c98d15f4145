// One valid request a method, about objects of the tenant `home`.
import { randomUUID } from "node:crypto";
import type { DescMethod, Message } from "@bufbuild/protobuf";
import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";

/** The objects that requests are about. */
export interface Objects {
  readonly nodeId: string;
  readonly nodeName: string;
  readonly tokenId: string;
  readonly cursor: string;
  readonly taskId: string;
}

type Sample = (objects: Objects) => JsonValue;

const bytes = (length: number) => Buffer.alloc(length, 7).toString("base64");
const key = bytes(32);
const signature = bytes(64);
const fingerprint = Array.from({ length: 8 }, () => "0a0b").join("-");
const csr = bytes(100);
const notes = { collection: "notes", zone: "world", lane: 1 };
const syncOpen = { protocolMin: 1, protocolMax: 1 };
const taskSpec = { queue: "work", kind: "scan" };
const worker = { name: "w", queue: "work", concurrency: 1 };
const batch = { events: [bytes(40)], keyId: bytes(8), signature };

/**
 * A sample for each method of the schema. A new method without one fails the test: whoever adds it
 * says here which object it is about, and is thereby tested with everybody else's.
 */
const samples: Record<string, Sample> = {
  "IdentityService/CreateToken": () => ({ name: "newcomer" }),
  "IdentityService/ListTokens": () => ({}),
  "IdentityService/CancelToken": ({ tokenId }) => ({ tokenId }),
  "IdentityService/GetTrustBundle": () => ({}),
  "IdentityService/Enroll": () => ({ csr, identityKey: key, identityProof: signature }),
  "IdentityService/GetChallenge": () => ({}),
  "IdentityService/Reenter": ({ nodeId }) => ({
    tenant: "main",
    nodeId,
    csr,
    nonce: bytes(32),
    identityProof: signature,
  }),
  "IdentityService/Renew": () => ({ csr, identityProof: signature }),
  "IdentityService/RevokeNode": ({ nodeId }) => ({ node: nodeId, reason: "a test" }),
  "IdentityService/QuarantineNode": ({ nodeId }) => ({ node: nodeId, reason: "a test" }),
  "IdentityService/ReleaseNode": ({ nodeId }) => ({ node: nodeId, reason: "a test" }),
  "IdentityService/SetNodeRole": ({ nodeId }) => ({ node: nodeId, role: "ROLE_OBSERVER" }),
  "IdentityService/ListIdentities": ({ nodeId }) => ({ nodeIds: [nodeId] }),
  "AccessService/GetAccess": () => ({}),
  "AccessService/SetAccessMode": () => ({ mode: "ACCESS_MODE_APPROVAL" }),
  "AccessService/ListJoinRequests": () => ({}),
  "AccessService/ApproveJoin": () => ({ joinRequestId: "join_none", fingerprint }),
  "AccessService/DenyJoin": () => ({ joinRequestId: "join_none", reason: "a test" }),
  "AccessService/ListRules": () => ({}),
  "AccessService/AddRule": () => ({
    rule: { kind: "RULE_KIND_ALLOW", name: "newcomer", reason: "a test" },
  }),
  "AccessService/RemoveRule": () => ({ ruleId: "rule_none" }),
  "AccessService/ResetRules": () => ({ kind: "RULE_KIND_ALLOW", reason: "a test" }),
  "AccessService/JudgeJoin": () => ({ name: "newcomer", identityKey: key, address: "192.0.2.1" }),
  "IdentityService/IssueAgentToken": () => ({ agent: "scout" }),
  "IdentityService/RefreshAgentToken": () => ({ secret: "no token at all" }),
  "PersonService/CreateLink": () => ({}),
  "PersonService/AdmitOwner": () => ({}),
  "PersonService/OpenVisit": () => ({
    visitor: "person/owner",
    role: "ROLE_OBSERVER",
    reason: "a test",
  }),
  "PersonService/GetStandings": () => ({ callers: ["person/owner"] }),
  "PersonService/SignIn": () => ({ code: "no-such-code-at-all" }),
  "PersonService/GetSession": () => ({}),
  "PersonService/SignOut": () => ({}),
  "PersonService/ListViews": () => ({}),
  "PersonService/SaveView": () => ({ name: "what I look at", path: "/node?state=offline" }),
  "PersonService/RemoveView": () => ({ viewId: "view_none" }),
  "NodeService/RegisterNode": () => ({ profile: { kind: "NODE_KIND_INSTANCE" } }),
  "NodeService/Heartbeat": () => ({ epoch: "1", sequence: "1", sentMs: "1" }),
  "NodeService/GetNode": ({ nodeId }) => ({ node: nodeId }),
  "NodeService/ListNodes": () => ({}),
  "NodeService/WatchNodes": () => ({}),
  "NodeService/SetMaintenance": ({ nodeId }) => ({ node: nodeId, on: true, reason: "a test" }),
  "NodeService/RetireNode": ({ nodeId }) => ({ node: nodeId, reason: "a test" }),
  "LinkService/OpenLink": () => ({
    offer: { protocolMin: 1, protocolMax: 1, software: "test/1" },
  }),
  "LinkService/ReportLink": () => ({
    epoch: "1",
    sequence: "1",
    counts: {},
    breaker: "BREAKER_STATE_CLOSED",
  }),
  "LinkService/GetLink": ({ nodeId }) => ({ node: nodeId }),
  "LinkService/ListLinks": () => ({}),
  "LinkService/AddPeer": () => ({ invitation: `foedus://127.0.0.1:1/main#${"h".repeat(22)}` }),
  "LinkService/RemovePeer": () => ({ trustDomain: "nobody.test", reason: "a test" }),
  "LinkService/ListPeers": () => ({}),
  "EventService/Publish": () => ({ batch }),
  "EventService/PublishForeign": () => ({ batch }),
  "EventService/PublishStream": () => ({ batch }),
  "EventService/Subscribe": () => ({ afterCursor: "0", untilHead: true }),
  "EventService/RequestSummaries": () => ({ reason: "a test" }),
  "EventService/GetEvent": ({ cursor }) => ({ cursor }),
  "EventService/ListLatest": () => ({}),
  "LearningService/GetNetwork": () => ({}),
  "LearningService/ListCycles": () => ({}),
  "LearningService/ListTrust": () => ({}),
  "LearningService/ListTrustHistory": ({ nodeId }) => ({ node: nodeId }),
  "LearningService/ExplainTrust": ({ nodeId }) => ({ node: nodeId }),
  "LearningService/RunCycle": () => ({}),
  "LearningService/SetTrustLevel": ({ nodeId }) => ({
    node: nodeId,
    level: "TRUST_LEVEL_VERIFIED",
    reason: "a test",
  }),
  "SyncService/Session": () => ({ open: syncOpen }),
  "SyncService/Pull": () => ({ open: syncOpen, once: true }),
  "SyncService/Push": () => ({ open: syncOpen, frames: [{ hello: { stream: notes } }] }),
  "SyncService/Fetch": () => ({ stream: notes, records: ["r"] }),
  "SyncService/MeetPeers": () => ({}),
  "SyncService/ListPeers": () => ({}),
  "CollectionService/ListStreams": () => ({}),
  "CollectionService/WatchStreams": () => ({}),
  "CollectionService/ListConflicts": () => ({ stream: notes }),
  "CollectionService/ResolveConflict": () => ({
    stream: notes,
    name: { record: "r" },
    body: bytes(3),
    seen: [{ replica: "somebody", ctr: 1 }],
  }),
  "CollectionService/GetDigest": () => ({ stream: notes, recount: true }),
  "CollectionService/RepairStream": () => ({ stream: notes }),
  "CollectionService/SetGrant": ({ nodeId }) => ({ node: nodeId, relays: true }),
  "CollectionService/ListGrants": () => ({}),
  "CollectionService/DeclareCollection": () => ({
    collection: { name: "declared", zone: "world", lane: 2 },
  }),
  "CollectionService/ListCollections": () => ({}),
  "TaskService/SubmitTask": () => ({ spec: taskSpec }),
  "TaskService/SubmitTasks": () => ({ specs: [taskSpec] }),
  "TaskService/GetTask": ({ taskId }) => ({ taskId }),
  "TaskService/ListTasks": () => ({}),
  "TaskService/WatchTask": ({ taskId }) => ({ taskId }),
  "TaskService/WaitTasks": ({ taskId }) => ({ taskIds: [taskId] }),
  "TaskService/ListTaskSteps": ({ taskId }) => ({ taskId }),
  "TaskService/ExplainTask": ({ taskId }) => ({ taskId }),
  "TaskService/CancelTask": ({ taskId }) => ({ taskId, reason: "a test" }),
  "TaskService/RetryTask": ({ taskId }) => ({ taskId }),
  "QueueService/ListQueues": () => ({}),
  "QueueService/GetQueue": () => ({ queue: "work" }),
  "QueueService/WatchQueues": () => ({}),
  "QueueService/SetQueue": () => ({ queue: "work", settings: {}, fields: ["paused"] }),
  "QueueService/SetSchedule": () => ({
    schedule: { name: "nightly", cron: "0 3 * * *", spec: taskSpec },
  }),
  "QueueService/DeleteSchedule": () => ({ name: "nightly" }),
  "QueueService/ListSchedules": () => ({}),
  "WorkService/ClaimTasks": () => ({ claimId: randomUUID(), worker, count: 1 }),
  "WorkService/ReportTasks": ({ taskId }) => ({
    reports: [{ hold: { taskId, fence: "1" }, returned: true }],
  }),
  "WorkService/Work": () => ({ worker }),
  "WorkService/ListWorkers": () => ({}),
  "TenantService/ProvisionTenant": () => ({ name: `t${randomUUID()}` }),
  "TenantService/SuspendTenant": () => ({ name: "nobodys", reason: "a test" }),
  "TenantService/ResumeTenant": () => ({ name: "main" }),
  "TenantService/GetTenant": () => ({ name: "main" }),
  "TenantService/ListTenants": () => ({}),
  "TenantService/VisitTenant": () => ({ name: "main", reason: "a test" }),
  "HubService/GetStatus": () => ({}),
  "HubService/GetConfig": () => ({}),
  "HubService/GetUsage": () => ({}),
  "HubService/CheckUpgrade": () => ({}),
  "HubService/GetFederationHealth": () => ({}),
};

/** Methods that act on a node which must be the caller's own when the caller is a node. */
export const ownedByNode = ["NodeService/SetMaintenance", "NodeService/RetireNode"];

/** Where a rule asks more of a person than the policy does, which has to admit the node itself. */
export const personsNeed: Record<string, Role> = {
  "NodeService/SetMaintenance": Role.ADMIN,
  "NodeService/RetireNode": Role.ADMIN,
};

/** `Service/Method`, as the table above spells it. */
export function methodKey(method: DescMethod): string {
  return `${method.parent.name}/${method.name}`;
}

/** A valid request of that method with a new request_id; undefined when nobody wrote a sample. */
export function sampleOf(
  method: DescMethod,
  objects: Objects,
  requestId: string,
): Message | undefined {
  const sample = samples[methodKey(method)]?.(objects);
  if (sample === undefined) return undefined;
  const isDecision = method.input.fields.some((field) => field.name === "request_id");
  const whole = isDecision ? { ...(sample as object), requestId } : sample;
  return fromJson(method.input, whole);
}

/** Which methods have a sample: for finding samples of methods that are gone. */
export function sampledMethods(): string[] {
  return Object.keys(samples);
}
