// Doors of peers and callers at them, with certificates as right or wrong as a test wants them.
import { webcrypto } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ExchangeRequestSchema,
  ExchangeResponseSchema,
} from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { ChainRefused, followNode, holdsAt } from "@foedus/kernel/chain.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { onTestFinished } from "vitest";
import { pem } from "../../clients/sdk/keys.ts";
import { openDoor, type Door } from "../../clients/sdk/sync/peer/door.ts";
import type { VisitKit } from "../../clients/sdk/sync/peer/visit.ts";
import { der, leaf, noonMs, signer, type Made, type Wish } from "./chain.ts";
import type { TestPeer } from "./peers.sync.ts";

/** Certificate chain and key as PEM. */
export interface Shown {
  readonly chain: string;
  readonly key: string;
}

const root = await signer(undefined);
const issuer = await signer(root);

/** Roots that nobody here trusts. */
export const foreign = await signer(await signer(undefined));

/** The certificate of a node, or of something else. */
export async function shownBy(id: string, wish: Wish = {}, by: Made = issuer): Promise<Shown> {
  const value = `spiffe://foedus.local/${id}`;
  const made = await leaf(by, { names: [{ type: "url", value }], ...wish });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", made.keys.privateKey);
  const chain = der(made, by).map((each) => pem("CERTIFICATE", each));
  return { chain: chain.join(""), key: pem("PRIVATE KEY", new Uint8Array(pkcs8)) };
}

/** Judges as a node does, at an instant at which good certificates hold. */
export function judge(presented: readonly Uint8Array[]) {
  const chain = followNode(presented, der(root));
  if (chain.trustDomain !== "foedus.local" || chain.tenant !== "main") {
    throw new ChainRefused(`it is a node of ${chain.tenant}`);
  }
  if (!holdsAt(chain, noonMs)) throw new ChainRefused("its certificate has ended");
  return chain;
}

/** The door of a peer, which closes with the test; `own` is asked for each caller. */
export async function doorOf({ desk }: TestPeer, own: () => Shown | undefined): Promise<Door> {
  const door = await openDoor({
    world: realWorld,
    place: { host: "127.0.0.1", port: 0 },
    own,
    judge,
    answer: async (bytes, who) => {
      const said = await desk.answer(fromBinary(ExchangeRequestSchema, bytes), who);
      return toBinary(ExchangeResponseSchema, said);
    },
  });
  onTestFinished(() => door.close());
  return door;
}

/** What a peer visits others with. */
export function visitKit({ desk }: TestPeer, own: Shown, isLocal = true): VisitKit {
  return { world: realWorld, desk, own: () => own, judge, isLocal: () => isLocal };
}
