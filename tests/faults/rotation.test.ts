// T-I1: the hub's certificate is renewed 500 times under load, its whole authority five times.
import { createClient } from "@connectrpc/connect";
import { NodeService } from "@foedus/gen/foedus/node/v1/node_service_pb.js";
import { expect, test } from "vitest";
import type { TlsMaterial } from "../../server/runtime/listen/peer.ts";
import { makeAuthority, type TestAuthority } from "../support/authority.ts";
import { column } from "../support/column.ts";
import { nodeUri, startBareHub, type BareHub } from "../support/hub.bare.ts";
import { transportWith } from "../support/wire.ts";

const rotations = 500;
const overlaps = 5;
const rotationsEach = rotations / (overlaps + 1);
const callersLasting = 4;
/** Calls that end between two rotations at least. */
const callsBetween = 10;

const values = { control_rate: "10000000", stream_rate: "10000000" };

const messagesEach = 10n;

/** Answers at once, and streams as fast as it is read. */
const nodes = column(NodeService, {
  getNode: () => ({ node: { id: "node_1" } }),
  async *watchNodes() {
    for (let cursor = 1n; cursor <= messagesEach; cursor++) {
      yield { item: { case: "changed", value: { cursor } } };
    }
  },
});

/** What the load did. */
interface Done {
  calls: number;
  connections: number;
  readonly failures: unknown[];
  ended(): void;
  /** Resolves when so many more calls have ended, well or not. */
  more(calls: number): Promise<void>;
}

function openDone(): Done {
  let [ends, due] = [0, Infinity];
  let wake = () => {};
  return {
    calls: 0,
    connections: 0,
    failures: [],
    ended: () => void (++ends >= due && wake()),
    more: (calls) =>
      new Promise((resolve) => {
        due = ends + calls;
        wake = resolve;
      }),
  };
}

test(
  `${rotations} rotations of the leaf and ${overlaps} of the whole authority lose no call`,
  { timeout: 600_000 },
  async () => {
    const generations = await Promise.all(
      Array.from({ length: overlaps + 1 }, (_, at) => makeAuthority(`generation ${at}`)),
    );
    const roots = generations.map(({ root }) => root);
    await using hub = await startBareHub({ capabilities: [nodes], values });
    const done = openDone();
    const state = { over: false, authority: generations[0] as TestAuthority };
    // Everybody trusts the next root before it is first used: that is what an overlap is.
    const renew = async (authority: TestAuthority) => {
      hub.renew({ ...(await authority.issue({ hosts: ["localhost"] })), roots });
    };
    await renew(state.authority);
    const lasting = Array.from({ length: callersLasting }, async (_, at) => {
      const transport = await clientOf(hub, state.authority, roots, `lasting-${at}`);
      while (!state.over) await callOver(transport, done);
    });
    const fresh = (async () => {
      for (let at = 0; !state.over; at++) {
        await callOver(await clientOf(hub, state.authority, roots, `fresh-${at}`), done);
        done.connections += 1;
      }
    })();
    const startMs = performance.now();
    for (const authority of generations) {
      state.authority = authority;
      for (let rotation = 0; rotation < rotationsEach; rotation++) {
        await renew(authority);
        await done.more(callsBetween);
      }
    }
    state.over = true;
    await Promise.all([...lasting, fresh]);
    const aSecond = (done.calls * 1_000) / (performance.now() - startMs);
    console.log(`rotation: ${aSecond.toFixed(0)} calls and streams a second meanwhile`);
    expect(done.failures).toEqual([]);
    expect(done.connections).toBeGreaterThan(overlaps);
    expect(done.calls).toBeGreaterThan(rotations * callsBetween);
  },
);

async function clientOf(
  hub: BareHub,
  authority: TestAuthority,
  roots: readonly string[],
  nodeId: string,
) {
  const issued = await authority.issue({ uris: [nodeUri(nodeId)] });
  const material: TlsMaterial = { ...issued, roots };
  return createClient(NodeService, transportWith(hub.node, material));
}

/** One unary call and one stream to its end; what fails is kept, and nothing is tried again. */
async function callOver(client: Awaited<ReturnType<typeof clientOf>>, done: Done): Promise<void> {
  try {
    await client.getNode({ node: "node_1" });
    done.calls += 1;
    let last = 0n;
    for await (const { item } of client.watchNodes({})) {
      if (item.case === "changed") last = item.value.cursor;
    }
    done.calls += 1;
    if (last !== messagesEach) throw new Error(`a stream ended after ${last}`);
  } catch (error) {
    done.failures.push(error);
  } finally {
    done.ended();
  }
}
