import { create, toBinary } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { EventSchema, StoredEventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { EventService } from "@foedus/gen/foedus/event/v1/event_service_pb.js";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { keyIdOf, newSigningKey } from "@foedus/kernel/signing.ts";
import { hubSpiffe, nodeSpiffe } from "@foedus/kernel/spiffe.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { openKeyring } from "./keyring.ts";

const key = newSigningKey();

function storedBy(source: string) {
  const event = toBinary(EventSchema, create(EventSchema, { source }));
  return create(StoredEventSchema, { event, keyId: keyIdOf(key.publicKey), cursor: 7n });
}

/** A hub that answers for whoever asks; counts what it was asked for. */
function hub() {
  const asked = { events: 0, identities: 0 };
  const transport = createRouterTransport(({ service }) => {
    service(EventService, {
      getEvent: () => ((asked.events += 1), { publicKey: key.publicKey }),
    });
    service(IdentityService, {
      listIdentities: () => ((asked.identities += 1), { identities: [] }),
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
  const node = storedBy(nodeSpiffe("foedus.local", "main", "node_1"));
  expect(await keyring.keyOf(node)).toBeUndefined();
  expect(await keyring.keyOf(node)).toBeUndefined();
  expect(asked).toEqual({ events: 0, identities: 1 });
});
