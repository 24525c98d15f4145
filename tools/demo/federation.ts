// `npm run demo:federation`: two hubs with different roots, ten nodes, a liar among them.
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FoedusNode } from "@foedus/sdk/node.ts";
import { makePeers, startHub, type DemoHub } from "./hubs.ts";
import { forge, joinedNode, tellHonestly, tellLies } from "./nodes.ts";
import {
  revokeListening,
  tellCycle,
  tellEvidence,
  tellForeign,
  tellQuarantine,
  untilRefused,
} from "./story.ts";

const say = (line = "") => console.log(line);
const names = {
  alpha: ["ash", "beech", "cedar", "elm", "fir", "hazel", "liar"],
  beta: ["iris", "lily", "rose"],
} as const;
/** Fewer than what gets a node quarantined by itself. */
const forgeriesBefore = 2;
const revokedMsMax = 1_000;
const hubWidth = 7;

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
  say("Two hubs start, each with a root of its own");
  const [alpha, beta] = await Promise.all([startHub(folder, "alpha"), startHub(folder, "beta")]);
  hubs.push(alpha, beta);
  for (const { name, ready } of hubs) say(`  ${name.padEnd(hubWidth)}${ready.invitation}`);
  await makePeers(alpha, beta);
  say("  Each pins the other's root, and believes it for the other's domain alone");

  say("\nTen nodes join, each with a token that admits once");
  const joins = (hub: DemoHub) => async (name: string) =>
    void nodes.set(name, await joinedNode(folder, hub, name));
  await Promise.all([...names.alpha.map(joins(alpha)), ...names.beta.map(joins(beta))]);
  say(`  ${"alpha".padEnd(hubWidth)}${names.alpha.join(", ")}`);
  say(`  ${"beta".padEnd(hubWidth)}${names.beta.join(", ")}`);
  const honest = [...nodes.values()].filter(({ name }) => name !== "liar");
  await Promise.all(honest.map((node, at) => tellHonestly(node, at % 2 === 0 ? "sync" : "map")));

  say("\nOne of them lies");
  const liar = nodeNamed("liar");
  await tellLies(liar);
  say("  It claims that its trust is 100, and its round trip ten seconds");
  for (let forged = 0; forged < forgeriesBefore; forged++) await sayForged(liar);
  await untilRefused(alpha, forgeriesBefore);

  say("\nA learning cycle of alpha: trust from what the hub saw, not from what nodes claim");
  const cycle = await tellCycle(alpha, "liar");
  say("\nWhy the liar stands where it stands");
  await tellEvidence(alpha, "liar");
  say("\nThe other hub hears of the cycle");
  await tellForeign(beta, alpha, cycle.id);

  say("\nThe liar forges once more");
  await sayForged(liar);
  await tellQuarantine(alpha, liar);

  say("\nA node is revoked while it listens");
  const { tookMs, why } = await revokeListening(alpha, nodeNamed("hazel"));
  say(`  Its stream ended ${tookMs.toFixed(0)} ms after the word of revocation.`);
  say(`  It came again, and was told: ${why}`);
  if (tookMs > revokedMsMax) throw new Error("a revocation took more than a second");
}

async function sayForged(liar: FoedusNode): Promise<void> {
  say(`  It sends a batch signed with a key that is not its own. Refused: ${await forge(liar)}`);
}

function nodeNamed(name: string): FoedusNode {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  return node;
}
