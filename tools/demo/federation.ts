// `npm run demo:federation`: two hubs with different roots, ten nodes, a liar among them.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { makePeers, startHub, type DemoHub } from "./hubs.ts";
import { forge, joinedNode, tellHonestly, tellLies } from "./nodes.ts";
import { revokeListening, tellCycle, tellEvidence, tellForeign } from "./story.ts";

const say = (line = "") => console.log(line);
const names = {
  alpha: ["ash", "beech", "cedar", "elm", "fir", "hazel", "liar"],
  beta: ["iris", "lily", "rose"],
} as const;
/** Fewer than what gets a node quarantined by itself. */
const forgeriesBefore = 2;
const revokedMsMax = 1_000;

const folder = mkdtempSync(join(tmpdir(), "foedus-demo-"));
chmodSync(folder, 0o711);
const hubs: DemoHub[] = [];
const nodes = new Map<string, FoedusNode>();
try {
  await tell();
} finally {
  await Promise.allSettled([...nodes.values()].map((node) => node.close()));
  await Promise.allSettled(hubs.map((hub) => hub.stop()));
  rmSync(folder, { recursive: true, force: true });
}

async function tell(): Promise<void> {
  say("Two hubs, each with a root of its own");
  const [alpha, beta] = await Promise.all([startHub(folder, "alpha"), startHub(folder, "beta")]);
  hubs.push(alpha, beta);
  for (const { name, ready } of hubs) say(`  ${name}: ${ready.invitation}`);
  await makePeers(alpha, beta);
  say("  each pins the other's root, for the other's domain alone");

  say("\nTen nodes join, each with a token that admits once");
  for (const name of names.alpha) nodes.set(name, await joinedNode(folder, alpha, name));
  for (const name of names.beta) nodes.set(name, await joinedNode(folder, beta, name));
  say(`  ${[...nodes.keys()].join(", ")}`);
  const honest = [...nodes.values()].filter(({ name }) => name !== "liar");
  await Promise.all(honest.map((node, at) => tellHonestly(node, at % 2 === 0 ? "sync" : "map")));

  say("\nOne of them lies");
  const liar = nodeNamed("liar");
  await tellLies(liar);
  say("  it claims a score of 100, and a round trip of ten seconds");
  for (let forged = 0; forged < forgeriesBefore; forged++) {
    say(`  it sends a batch that it did not sign: ${await forge(liar)}`);
  }

  say("\nA cycle of alpha, by what it saw and not by what is claimed");
  const cycle = await tellCycle(alpha);
  say("\nWhy the liar stands where it stands");
  await tellEvidence(alpha, "liar");
  say("\nThe other hub hears of it");
  await tellForeign(beta, alpha, cycle.id);

  say("\nThe liar forges once more");
  say(`  ${await forge(liar)}`);
  say(`  ${await quarantined(alpha, liar)}`);

  say("\nA node is revoked while it listens");
  const tookMs = await revokeListening(alpha, nodeNamed("hazel"));
  say(`  it heard no more after ${tookMs.toFixed(0)} ms`);
  if (tookMs > revokedMsMax) throw new Error("a revocation took more than a second");
}

function nodeNamed(name: string): FoedusNode {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  return node;
}

/** Waits for the hub to cut it off by itself, and says what for. */
async function quarantined(hub: DemoHub, node: FoedusNode): Promise<string> {
  const identities = hub.session.as(IdentityService);
  for (;;) {
    const { identities: found } = await identities.listIdentities({ nodeIds: [node.nodeId] });
    const [identity] = found;
    if (identity?.quarantineTime === undefined) continue;
    const cursors = identity.quarantineCursors.join(", ");
    return `quarantined by ${identity.quarantinedBy}: ${identity.quarantineReason} [events ${cursors}]`;
  }
}
