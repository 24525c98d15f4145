// Agents over the connections of their nodes, over real TLS.
import { createClient, ConnectError, type Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { ErrorInfoSchema } from "@foedus/gen/google/rpc/error_details_pb.js";
import { stranger } from "@foedus/kernel/caller.ts";
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

let local: LocalHub;
beforeAll(async () => {
  local = await startLocalHub({ values: { control_rate: "100000", stream_rate: "100000" } });
});
afterAll(() => local.stop());

/** A node that joined, and what speaks over its one connection: itself, or an agent of it. */
async function joinedNode(role = Role.MEMBER) {
  const admin = local.hub.calls.as(IdentityService, personCaller(home, Role.ADMIN));
  const { secret } = await admin.createToken({ requestId: newRequestId(), role });
  const who = await newJoiner();
  const joiner = local.hub.calls.as(IdentityService, stranger("joiner", "192.0.2.1"));
  const admission = admissionIn(await joiner.enroll(enrollRequest(who, secret)));
  const { key, chain, roots } = materialOf(who, admission);
  let shown = "";
  const show: Interceptor = (next) => (request) => {
    if (shown !== "") request.header.set("authorization", shown);
    return next(request);
  };
  const transport = createConnectTransport({
    baseUrl: `https://${local.running.status().nodeAddress}`,
    httpVersion: "2",
    nodeOptions: { key, cert: chain, ca: [...roots], servername: "localhost" },
    interceptors: [show],
  });
  const identity = createClient(IdentityService, transport);
  const nodes = createClient(NodeService, transport);
  const as = (token: string) => void (shown = token === "" ? "" : `Bearer ${token}`);
  const issue = async (agent: string, wish: { role?: Role; lifetimeMs?: bigint } = {}) => {
    as("");
    return await identity.issueAgentToken({ requestId: newRequestId(), agent, ...wish });
  };
  return { admission, identity, nodes, as, issue };
}

function reasonOf(error: unknown): string | undefined {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason;
}

async function outcome(call: Promise<unknown>): Promise<string | undefined> {
  return await call.then(() => "OK", reasonOf);
}

test("an agent reads by its token, and does not pass for its node", async () => {
  const node = await joinedNode();
  const { token, secret } = await node.issue("scout");
  expect(token?.spiffeId).toBe(`${node.admission.spiffeId}/agent/scout`);
  node.as(secret);
  expect(await outcome(node.nodes.listNodes({}))).toBe("OK");
  const profile = { kind: 1, project: "x" };
  const register = node.nodes.registerNode({ requestId: newRequestId(), profile });
  expect(await outcome(register)).toBe("NOT_ALLOWED");
  node.as("not a token");
  expect(await outcome(node.nodes.listNodes({}))).toBe("AGENT_TOKEN_INVALID");
});

test("a stolen token is worth nothing over another node's connection", async () => {
  const [owner, thief] = [await joinedNode(), await joinedNode()];
  const { secret } = await owner.issue("scout");
  thief.as(secret);
  expect(await outcome(thief.nodes.listNodes({}))).toBe("AGENT_TOKEN_INVALID");
});

test("an agent may do no more than its node, and asks for no token itself", async () => {
  const node = await joinedNode(Role.OBSERVER);
  expect(await outcome(node.issue("scout"))).toBe("NOT_ALLOWED");
  const member = await joinedNode();
  expect(await outcome(member.issue("scout", { role: Role.ADMIN }))).toBe("AGENT_ROLE_TOO_HIGH");
  const { secret } = await member.issue("scout", { role: Role.MEMBER });
  member.as(secret);
  const again = member.identity.issueAgentToken({ requestId: newRequestId(), agent: "child" });
  expect(await outcome(again)).toBe("NOT_ALLOWED");
});

test("the same request twice makes one token, and shows it once", async () => {
  const { identity } = await joinedNode();
  const requestId = newRequestId();
  expect(await outcome(identity.issueAgentToken({ requestId, agent: "scout" }))).toBe("OK");
  const again = identity.issueAgentToken({ requestId, agent: "scout" });
  expect(await outcome(again)).toBe("ALREADY_ISSUED");
});

test("a stream ends with its token, and goes on where a newer one was shown in time", async () => {
  const node = await joinedNode();
  const brief = await node.issue("brief", { lifetimeMs: 4_000n });
  node.as(brief.secret);
  const ending = watchEnd(node.nodes);
  const lasting = await node.issue("lasting", { lifetimeMs: 4_000n });
  node.as(lasting.secret);
  const stop = new AbortController();
  const going = watchEnd(node.nodes, stop.signal);
  const newer = await node.issue("lasting");
  node.as(lasting.secret);
  const { token } = await node.identity.refreshAgentToken({ secret: newer.secret });
  expect(token?.id).toBe(newer.token?.id);
  expect(await outcome(node.identity.refreshAgentToken({ secret: brief.secret }))).not.toBe("OK");
  // Each change is told to both streams, until one of them may hear no more.
  node.as("");
  let ended = false;
  const end = ending.finally(() => (ended = true));
  for (let n = 0; !ended; n++) {
    const profile = { kind: 1, project: "x", title: `title ${n}` };
    await node.nodes.registerNode({ requestId: newRequestId(), profile });
  }
  expect(await end).toBe("AGENT_TOKEN_EXPIRED");
  expect(await Promise.race([going, changed(node.nodes)])).toBe("changed");
  stop.abort();
  await going;
});

type Nodes = ReturnType<typeof createClient<typeof NodeService>>;

/** Watches until the stream ends; says what it ended with. */
async function watchEnd(nodes: Nodes, signal?: AbortSignal): Promise<string | undefined> {
  try {
    for await (const { item } of nodes.watchNodes({}, { signal })) {
      if (item.case === "reconnect") return "RECONNECT";
    }
    return "END";
  } catch (error) {
    return reasonOf(error);
  }
}

async function changed(nodes: Nodes): Promise<string> {
  for await (const { item } of nodes.watchNodes({ afterCursor: 0n })) {
    if (item.case === "changed") return "changed";
  }
  return "END";
}
