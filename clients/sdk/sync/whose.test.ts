import { createClient } from "@connectrpc/connect";
import { create } from "@bufbuild/protobuf";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { OpenedSchema } from "@foedus/gen/foedus/sync/v1/sync_session_pb.js";
import { SyncService } from "@foedus/gen/foedus/sync/v1/sync_service_pb.js";
import { realWorld as world } from "@foedus/kernel/world.real.ts";
import { expect, test } from "vitest";
import { syncHub } from "../../../tests/support/hub.sync.ts";
import { FoedusError } from "../error.ts";
import { twinCarrier } from "./carrier.twin.ts";
import type { Carrier } from "./carrier.ts";
import { memoryDisk } from "./disk.memory.ts";
import { openCollections } from "./open.ts";
import { guarded, placeOf, whoseIs, type Memo, type Whose } from "./whose.ts";

const anna = { hub: "one.example", tenant: "main", owner: "anna" };

function memoOf(last?: Whose): Memo & { last: Whose | undefined } {
  return {
    last,
    read() {
      return Promise.resolve(this.last);
    },
    keep(whose) {
      this.last = whose;
      return Promise.resolve();
    },
  };
}

/** Refuses every session. */
function refusing(reason: Reason): Carrier {
  return { open: () => Promise.reject(new FoedusError(reason, { replica: "r" })) };
}

test("each person, tenant and hub has a place of its own", () => {
  const others = [{ hub: "two.example" }, { tenant: "acme" }, { owner: "bert" }];
  const places = [anna, ...others.map((other) => ({ ...anna, ...other }))].map((whose) => {
    return placeOf("notes", whose);
  });
  expect(new Set(places).size).toBe(4);
  expect(placeOf("other", anna)).not.toBe(places[0]);
});

test("who is signed in a hub says; while it is away, who was the last time", async () => {
  const hub = syncHub("one.example");
  const carrier = twinCarrier(createClient(SyncService, hub.transport), world);
  const memo = memoOf();
  hub.cut();
  await expect(whoseIs(carrier, memo, world)).rejects.toBeInstanceOf(FoedusError);
  hub.restore();
  hub.owner = "anna";
  expect(await whoseIs(carrier, memo, world)).toEqual(anna);
  hub.cut();
  expect(await whoseIs(carrier, memo, world)).toEqual(anna);
  expect(hub.sessions).toBe(0);
});

test("whom a hub refuses is shown nothing of who was there before", async () => {
  const refused = whoseIs(refusing(Reason.NOT_ALLOWED), memoOf(anna), world);
  await expect(refused).rejects.toMatchObject({ reason: Reason.NOT_ALLOWED });
});

test("what one wrote is not sent as another who signed in meanwhile", async () => {
  const hub = syncHub("one.example");
  hub.owner = "anna";
  const disk = memoryDisk();
  await using collections = await openCollections({ transport: hub.transport, disk });
  const notes = collections.collection("notes");
  await notes.put("first", { title: "a" });
  await notes.settled("parent");
  hub.owner = "bert";
  hub.cut();
  await notes.put("second", { title: "b" });
  hub.restore();
  const waits = () => collections.status().waiting?.reason;
  await expect.poll(waits).toMatch("the session is of bert");
  expect(hub.log.shelf("main/notes//world/2").head).toBe(1);
  expect(notes.status().outboxOps).toBe(1);
});

test("a key that is another's to who has signed in is not given up", async () => {
  const session = {
    opened: create(OpenedSchema, { hubName: "one.example", tenant: "main", owner: "bert" }),
    frames: (async function* () {})(),
    send: () => undefined,
  };
  const taken = new FoedusError(Reason.SYNC_REPLICA_TAKEN, { replica: "r" });
  const carrier: Carrier = {
    open: ({ replica }) => (replica === "" ? Promise.resolve(session) : Promise.reject(taken)),
  };
  const opened = (whose: Whose) =>
    guarded(carrier, whose, world).open({ replica: "r" }, new AbortController().signal);
  await expect(opened(anna)).rejects.toMatchObject({ reason: Reason.SYNC_DISK_OF_ANOTHER });
  await expect(opened({ ...anna, owner: "bert" })).rejects.toBe(taken);
});
