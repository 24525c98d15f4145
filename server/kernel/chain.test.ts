import "reflect-metadata";
import { KeyUsageFlags } from "@peculiar/x509";
import fc from "fast-check";
import { caHashOf } from "@foedus/kernel/invitation.ts";
import { beforeAll, expect, test } from "vitest";
import type { Made } from "../../tests/support/chain.ts";
import { clientAuth, der, hourMs, hubId, leaf, noonMs, signer } from "../../tests/support/chain.ts";
import { ChainRefused, followChain, followNode, holdsAt, pinnedRoots } from "./chain.ts";

let root: Made;
let intermediate: Made;
let server: Made;
let foreignRoot: Made;
let foreignIntermediate: Made;

beforeAll(async () => {
  root = await signer(undefined);
  intermediate = await signer(root);
  server = await leaf(intermediate);
  foreignRoot = await signer(undefined);
  foreignIntermediate = await signer(foreignRoot);
});

test("a good chain tells who the hub is, below which root, and when", () => {
  const chain = followChain(der(server, intermediate, root), der(root));
  expect(chain).toMatchObject({ spiffeId: hubId, trustDomain: "hub.test" });
  expect(chain.root).toEqual(der(root)[0]);
  expect(holdsAt(chain, noonMs)).toBe(true);
  expect(holdsAt(chain, noonMs - 2 * hourMs)).toBe(false);
  expect(holdsAt(chain, noonMs + 2 * hourMs)).toBe(false);
});

test("the order of intermediates does not matter, nor what else is shown", () => {
  const [strange] = der(foreignIntermediate);
  const shown = [...der(server, root, intermediate), ...(strange === undefined ? [] : [strange])];
  expect(followChain(shown, der(root)).spiffeId).toBe(hubId);
});

test("the root need not be shown, and a leaf may stand right below it", async () => {
  expect(followChain(der(server, intermediate), der(root)).spiffeId).toBe(hubId);
  expect(followChain(der(await leaf(root)), der(root)).spiffeId).toBe(hubId);
});

test("the chain holds only as long as all of it", async () => {
  const brief = await signer(root, { toMs: noonMs + 60_000 });
  const chain = followChain(der(await leaf(brief), brief), der(root));
  expect(chain.validToMs).toBe(noonMs + 60_000);
});

/** Each is wrong in one way, and refused before any clock is asked. */
const wrong: Record<string, () => Promise<[shown: Uint8Array[], roots: Uint8Array[]]>> = {
  nothing: async () => [[], der(root)],
  "no roots": async () => [der(server, intermediate, root), []],
  "another root": async () => [der(server, intermediate, root), der(foreignRoot)],
  "a root it brought along": async () => [der(await leaf(foreignRoot), foreignRoot), der(root)],
  "another hub's intermediate": async () => [
    der(await leaf(foreignIntermediate), foreignIntermediate, intermediate, root),
    der(root),
  ],
  "the intermediate left out": async () => [der(server, root), der(root)],
  "an intermediate of the same name, signed by itself": async () => {
    const impostor = await signer(undefined, { name: "intermediate" });
    return [der(await leaf(impostor), impostor, root), der(root)];
  },
  "an intermediate of the same name and issuer": async () => {
    const impostor = await signer(await signer(undefined), { name: "intermediate" });
    return [der(await leaf(impostor), impostor, intermediate), der(root)];
  },
  "a node's certificate used as a signer": async () => {
    const node = await leaf(intermediate);
    return [der(await leaf(node), node, intermediate), der(root)];
  },
  "a signer that may not sign certificates": async () => {
    const mute = await signer(root, { usage: KeyUsageFlags.digitalSignature });
    return [der(await leaf(mute), mute), der(root)];
  },
  "a signer that is no authority": async () => {
    const layman = await signer(root, { ca: false });
    return [der(await leaf(layman), layman), der(root)];
  },
  "a signer below one without room": async () => {
    const below = await signer(intermediate);
    return [der(await leaf(below), below, intermediate), der(root)];
  },
  "too long a chain": async () => {
    const long = await signer(await signer(await signer(root, { room: 3 }), { room: 2 }));
    return [der(await leaf(long), long), der(root)];
  },
  "a signer's own certificate": async () => [der(intermediate), der(root)],
  "a certificate for clients only": async () => [
    der(await leaf(intermediate, { purposes: [clientAuth] }), intermediate),
    der(root),
  ],
  "bytes that are no certificate": async () => [[new Uint8Array([1, 2, 3])], der(root)],
};

test.each(Object.entries(wrong))("%s is refused", async (_, make) => {
  const [shown, roots] = await make();
  expect(() => followChain(shown, roots)).toThrow(ChainRefused);
  expect(() => followNode(shown, roots)).toThrow(ChainRefused);
});

test("a node's chain tells which node of which tenant it is, and a hub's is none", async () => {
  const named = (value: string) => leaf(intermediate, { names: [{ type: "url", value }] });
  const node = await named("spiffe://hub.test/tenant/main/node/node_1");
  const shown = der(node, intermediate);
  const expected = { trustDomain: "hub.test", tenant: "main", nodeId: "node_1" };
  expect(followNode(shown, der(root))).toMatchObject(expected);
  expect(holdsAt(followNode(shown, der(root)), noonMs + 2 * hourMs)).toBe(false);
  expect(() => followChain(shown, der(root))).toThrow("no hub");
  expect(() => followNode(der(server, intermediate), der(root))).toThrow("no node");
  const agent = await named("spiffe://hub.test/tenant/main/node/node_1/agent/a");
  expect(() => followNode(der(agent, intermediate), der(root))).toThrow("no node");
});

const badNames = [
  [],
  [{ type: "dns" as const, value: "hub.test" }],
  [{ type: "url" as const, value: "spiffe://hub.test/tenant/main/node/node_1" }],
  [{ type: "url" as const, value: "spiffe://hub.test/hub/one/more" }],
  [{ type: "url" as const, value: "spiffe://hub.test/hub" }],
  [{ type: "url" as const, value: "spiffe://hub.test/svc/one" }],
  [{ type: "url" as const, value: "spiffe://HUB.test/hub/one" }],
  [{ type: "url" as const, value: "spiffe://hub.test:1/hub/one" }],
  [{ type: "url" as const, value: "spiffe://hub.test/hub/../one" }],
  [{ type: "url" as const, value: "https://hub.test/hub/one" }],
  [{ type: "url" as const, value: "spiffe://hub.test/hub/one, URI:spiffe://hub.test/hub/two" }],
  [
    { type: "url" as const, value: hubId },
    { type: "url" as const, value: "spiffe://hub.test/hub/two" },
  ],
];

test.each(badNames)("the names %j are no hub's", async (...names) => {
  const found = await leaf(intermediate, { names });
  expect(() => followChain(der(found, intermediate), der(root))).toThrow(ChainRefused);
});

test("of 300 chains with one flipped bit none leads anywhere else", () => {
  const good = der(server, intermediate);
  const roots = der(root);
  const expected = followChain(good, roots);
  const flip = fc.record({
    which: fc.integer({ min: 0, max: 1 }),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bit: fc.integer({ min: 0, max: 7 }),
  });
  fc.assert(
    fc.property(flip, ({ which, at, bit }) => {
      const shown = good.map((bytes) => bytes.slice());
      const bytes = shown[which];
      if (bytes === undefined) throw new Error("there are two certificates");
      const place = Math.floor(at * bytes.length);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      try {
        // Bits outside of what is signed, such as an unused one of a signature, may not count.
        expect(followChain(shown, roots)).toEqual(expected);
      } catch (error) {
        expect(error).toBeInstanceOf(ChainRefused);
      }
    }),
    { numRuns: 300 },
  );
});

test("of many roots only the pinned one counts", () => {
  const spki = new Uint8Array(root.certificate.publicKey.rawData);
  const all = der(foreignRoot, root, intermediate);
  expect(pinnedRoots(all, caHashOf(spki))).toEqual(der(root));
});
