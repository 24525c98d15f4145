import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import {
  EventService,
  SubscribeResponseSchema,
} from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { keyIdOf, newSigningKey } from "@foedus/kernel/signing.ts";
import { hubSpiffe, nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { openKeyring } from "./keyring.ts";
import { subscribe } from "./subscribe.ts";

const key = newSigningKey();
const node = nodeSpiffe("foedus.local", "main", "node_1");

function newKeyId() {
  return keyIdOf(newSigningKey().publicKey);
}

function storedBy(source: string) {
  const event = toBinary(EventSchema, create(EventSchema, { source }));
  return create(StoredEventSchema, { event, keyId: keyIdOf(key.publicKey), cursor: 7n });
}

/** A hub that answers for whoever asks; counts what it was asked for. */
function hub(failures = 0) {
  const asked = { events: 0, identities: 0 };
  const transport = createRouterTransport(({ service }) => {
    service(EventService, {
      getEvent: () => ((asked.events += 1), { publicKey: key.publicKey }),
    });
    service(IdentityService, {
      listIdentities() {
        asked.identities += 1;
        if (asked.identities <= failures) throw new ConnectError("gone", Code.Canceled);
        return { identities: [{ spiffeId: node, identityKey: key.publicKey }] };
      },
    });
  });
  const keyring = openKeyring({
    world: realWorld,
    identities: createClient(IdentityService, transport),
    events: createClient(EventService, transport),
  });
  return { asked, keyring };
}

test.each([hubSpiffe("foedus.local", "hub_1"), hubSpiffe("peer.test", "hub_1")])(
  "the key of %s is asked for with its event, once",
  async (source) => {
    const { asked, keyring } = hub();
    expect((await keyring.keyOf(storedBy(source)))?.source).toBe(source);
    expect((await keyring.keyOf(storedBy(source)))?.source).toBe(source);
    expect(asked).toEqual({ events: 1, identities: 0 });
  },
);

test("the key of a node is among the identities, or nowhere", async () => {
  const { asked, keyring } = hub();
  const known = storedBy(node);
  const unknown = create(StoredEventSchema, { ...known, keyId: newKeyId() });
  expect(await keyring.keyOf(unknown)).toBeUndefined();
  expect(await keyring.keyOf(unknown)).toBeUndefined();
  expect((await keyring.keyOf(known))?.source).toBe(node);
  expect(asked).toEqual({ events: 0, identities: 1 });
});

test("what could not be asked is asked again, and is not what nobody has", async () => {
  const { asked, keyring } = hub(1);
  await expect(keyring.keyOf(storedBy(node))).rejects.toThrow("gone");
  expect((await keyring.keyOf(storedBy(node)))?.source).toBe(node);
  expect(asked.identities).toBe(2);
});

test("a hub that goes while it is asked for a key ends no subscription", async () => {
  const { keyring } = hub(2);
  const hubOfOne = createRouterTransport(({ service }) => {
    service(EventService, {
      async *subscribe() {
        const value = { events: [storedBy(node)], cursor: 7n };
        yield create(SubscribeResponseSchema, { item: { case: "delivery", value } });
        await new Promise(() => undefined);
      },
    });
  });
  const interruptions: unknown[] = [];
  const ending = new AbortController();
  const kit = {
    world: realWorld,
    client: createClient(EventService, hubOfOne),
    keyring,
    interrupted: (error: unknown) => interruptions.push(error),
  };
  for await (const heard of subscribe(kit, { verify: true, signal: ending.signal })) {
    expect(heard).toMatchObject({ cursor: 7n });
    ending.abort();
  }
  expect(interruptions.length).toBe(2);
});
