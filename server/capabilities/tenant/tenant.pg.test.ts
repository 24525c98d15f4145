import { createClient, ConnectError, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { PersonService } from "@foedus/gen/foedus/person/v1/person_service_pb.js";
import { TenantState } from "@foedus/gen/foedus/tenant/v1/tenant_pb.js";
import { TenantService } from "@foedus/gen/foedus/tenant/v1/tenant_service_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
import { Fault, reasonName } from "@foedus/kernel/fault.ts";
import { tenantProved } from "@foedus/kernel/tenant.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { home, personCaller } from "../../../tests/access/callers.ts";
import { startLocalHub, type LocalHub } from "../../../tests/support/hub.local.ts";
import {
  admissionIn,
  enrollRequest,
  materialOf,
  newJoiner,
  newRequestId,
} from "../../../tests/support/joiner.ts";
import { transportWith } from "../../../tests/support/wire.ts";

let local: LocalHub;
beforeAll(async () => {
  const values = { control_rate: "100000", join_rate: "100000", stream_rate: "100000" };
  local = await startLocalHub({ values });
});
afterAll(() => local.stop());

const operator = { ...personCaller(home, Role.ADMIN), operator: true };
const tenants = () => local.hub.calls.as(TenantService, operator);
const admin = (tenant: string) =>
  local.hub.calls.as(IdentityService, personCaller(tenantProved(tenant), Role.ADMIN));
const provision = (name: string) => tenants().provisionTenant({ requestId: newRequestId(), name });

function reasonOf(error: unknown): string | undefined {
  if (error instanceof Fault) return reasonName(error.reason);
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason;
}

async function outcome(call: Promise<unknown>): Promise<string | undefined> {
  return await call.then(() => "OK", reasonOf);
}

/** The web listener, as whoever shows the secret. */
function web(secret: string) {
  const show: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${secret}`);
    return next(request);
  };
  const baseUrl = local.running.status().webAddress;
  return createConnectTransport({ baseUrl, httpVersion: "1.1", interceptors: [show] });
}

async function joinTo(tenant: string) {
  const { secret } = await admin(tenant).createToken({ requestId: newRequestId() });
  const who = await newJoiner();
  const joiner = local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));
  const admission = admissionIn(await joiner.enroll(enrollRequest(who, secret)));
  const address = `https://${local.running.status().nodeAddress}`;
  const transport = transportWith(address, materialOf(who, admission), "connect");
  return { admission, nodes: createClient(NodeService, transport) };
}

test("the config's tenant is there, and a new one is qualified and has an owner's link", async () => {
  const { tenant, signInLink } = await provision("acme");
  expect(tenant?.qualifiedName).toBe(`acme@${local.running.status().trustDomain}`);
  expect(tenant?.invitation).toContain("/acme#");
  const code = new URL(signInLink).hash.replace("#code=", "");
  const visitor = local.hub.calls.as(PersonService, stranger("visitor", "127.0.0.1"));
  const { person } = await visitor.signIn({ requestId: newRequestId(), code });
  expect(person).toMatchObject({ role: Role.ADMIN, operator: false });
  const { tenants: all } = await tenants().listTenants({});
  expect(all.map(({ name }) => name)).toEqual(["acme", "main"]);
});

test("a name is taken once, whoever asks", async () => {
  await provision("twice");
  expect(await outcome(provision("twice"))).toBe("TENANT_EXISTS");
  expect(await outcome(provision("hub"))).toBe("TENANT_RESERVED");
});

test("more tenants at once than the hub has connections, and visits to all of them", async () => {
  const names = Array.from({ length: 24 }, (_, at) => `many-${at}`);
  expect(new Set(await Promise.all(names.map((name) => outcome(provision(name)))))).toEqual(
    new Set(["OK"]),
  );
  const visits = names.map((name) =>
    tenants().visitTenant({ requestId: newRequestId(), name, reason: "a look" }),
  );
  expect(new Set(await Promise.all(visits.map(outcome)))).toEqual(new Set(["OK"]));
});

test("nodes of two tenants on one hub do not see each other", async () => {
  await provision("left");
  await provision("right");
  const [left, right] = [await joinTo("left"), await joinTo("right")];
  expect(left.admission.spiffeId).toContain("/tenant/left/");
  const profile = { kind: 1, project: "x" };
  await left.nodes.registerNode({ requestId: newRequestId(), profile });
  await right.nodes.registerNode({ requestId: newRequestId(), profile });
  const { nodes } = await left.nodes.listNodes({});
  expect(nodes.map(({ id }) => id)).toEqual([left.admission.nodeId]);
  expect(await outcome(left.nodes.getNode({ node: right.admission.nodeId }))).toBe("NOT_FOUND");
});

test("a suspended tenant is refused everywhere, its streams end, and it comes back whole", async () => {
  await provision("late");
  const node = await joinTo("late");
  const profile = { kind: 1, project: "x" };
  await node.nodes.registerNode({ requestId: newRequestId(), profile });
  const stream = node.nodes.watchNodes({})[Symbol.asyncIterator]();
  await stream.next();
  const reason = "the bill is open";
  const { tenant } = await tenants().suspendTenant({
    requestId: newRequestId(),
    name: "late",
    reason,
  });
  expect(tenant?.state).toBe(TenantState.SUSPENDED);
  const drained = (async () => {
    while ((await stream.next()).done !== true);
  })();
  await expect(drained).rejects.toThrow(/abort|cancel|hung up|closed|destroyed|reset|suspended/i);
  const refused = await node.nodes.listNodes({}).catch((error: unknown) => error);
  expect(reasonOf(refused)).toBe("TENANT_SUSPENDED");
  expect(ConnectError.from(refused).rawMessage).toContain(reason);
  expect(await outcome(admin("late").listTokens({}))).toBe("TENANT_SUSPENDED");
  await tenants().resumeTenant({ requestId: newRequestId(), name: "late" });
  expect((await node.nodes.listNodes({})).nodes).toHaveLength(1);
});

test("the operators' tenant stays, and a tenant's owner operates nothing", async () => {
  const request = { requestId: newRequestId(), name: "main", reason: "by mistake" };
  expect(await outcome(tenants().suspendTenant(request))).toBe("TENANT_IS_HOME");
  const owner = local.hub.calls.as(TenantService, personCaller(tenantProved("acme"), Role.ADMIN));
  expect(await outcome(owner.listTenants({}))).toBe("NOT_ALLOWED");
});

test("a visit is a session of fifteen minutes that the tenant's log tells of", async () => {
  await provision("host");
  const reason = "ticket 12";
  const visit = await tenants().visitTenant({ requestId: newRequestId(), name: "host", reason });
  const transport = web(visit.sessionSecret);
  const { person, session, tenant } = await createClient(PersonService, transport).getSession({});
  expect({ tenant, role: person?.role, visitor: session?.visitor }).toEqual({
    tenant: "host",
    role: Role.OBSERVER,
    visitor: operator.id,
  });
  const denied = createClient(IdentityService, transport).listTokens({});
  expect(await outcome(denied)).toBe("NOT_ALLOWED");
  const events = createClient(EventService, transport);
  for await (const { item } of events.subscribe({ afterCursor: 0n, types: ["person.visited"] })) {
    if (item.case !== "delivery") continue;
    expect(item.value.events).toHaveLength(1);
    break;
  }
});

test("a visitor makes no link that would outlast the visit", async () => {
  await provision("brief");
  const wish = { name: "brief", reason: "ticket 13", role: Role.ADMIN };
  const visit = await tenants().visitTenant({ requestId: newRequestId(), ...wish });
  const people = createClient(PersonService, web(visit.sessionSecret));
  expect(await outcome(people.createLink({ requestId: newRequestId() }))).toBe("NOT_FOUND");
});

test("why a tenant is suspended is not told to strangers", async () => {
  await provision("quiet");
  const reason = "the bill is open";
  await tenants().suspendTenant({ requestId: newRequestId(), name: "quiet", reason });
  const joiner = local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.7"));
  const request = { ...enrollRequest(await newJoiner(), ""), tenant: "quiet" };
  const refused = await joiner.enroll(request).catch((error: unknown) => error);
  expect(reasonOf(refused)).toBe("TENANT_SUSPENDED");
  expect(String(refused)).not.toContain(reason);
});
