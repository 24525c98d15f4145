import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { expect, onTestFinished, test } from "vitest";
import { canaries, canaryShapes, type Canary } from "../../../tests/support/canaries.ts";
import { cloneDatabase } from "../../../tests/support/database.ts";
import { type FieldPlace, payloadWith, textPlaces } from "../../../tests/support/families.ts";
import { type HubProcess, startHubProcess } from "../../../tests/support/hub.process.ts";
import { openSession } from "../../../tools/federation/session.ts";
import { joinHub } from "../join.ts";
import type { FoedusNode, Outgoing } from "../node.ts";
import { openNode } from "../open.ts";

/** As they may stand in what nodes tell: digests cannot be told from secrets that look alike. */
const places = textPlaces().filter(({ family, name }) => {
  return !family.hubOnly && !/(?:^|\.)(?:digest|hash)$/.test(name);
});
const each = Math.ceil(5_200 / canaryShapes.length);
const planted = canaryShapes.flatMap((shape) => canaries(shape, each));

/** A node on a hub that logs all it can, and what that hub wrote so far. */
async function openTalker(): Promise<{ node: FoedusNode; written: () => string; hub: HubProcess }> {
  const { url } = await cloneDatabase();
  const folder = mkdtempSync(join(tmpdir(), "foedus-canary-"));
  const data = join(folder, "hub");
  const hub = await startHubProcess({ data, url, flags: ["--log-level", "debug"] });
  let written = "";
  for (const stream of [hub.child.stdout, hub.child.stderr]) {
    stream?.on("data", (chunk: Buffer) => (written += chunk.toString()));
  }
  const { secret: token, invitation } = await openSession(data).token("talker");
  await joinHub({ invitation, token, folder: join(folder, "node") });
  const node = await openNode(join(folder, "node"));
  onTestFinished(async () => {
    await node.close();
    await hub.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { node, written: () => written, hub };
}

function* events(): Generator<Outgoing> {
  for (const [at, { text }] of planted.entries()) {
    const place = placeOf(at);
    const { schema } = place.family;
    const payload = fromBinary(schema, payloadWith(place, text));
    yield { schema, payload, subject: text.replaceAll(/\p{Cc}/gu, " ").slice(0, 256) };
  }
}

function placeOf(at: number): FieldPlace {
  const place = places[at % places.length];
  if (place === undefined) throw new Error("no family of nodes has a text");
  return place;
}

function leaksIn(bytes: Uint8Array, wanted: readonly Canary[]): string[] {
  const whole = Buffer.from(bytes);
  return wanted.filter(({ needle }) => whole.includes(needle)).map(({ text }) => text);
}

test("T-H5: 5,000 canaries told through the SDK reach neither log, listener nor log lines", async () => {
  const { node, written, hub } = await openTalker();
  const { accepted } = await node.publishStream(events());
  expect(accepted).toBe(planted.length);
  expect(accepted).toBeGreaterThan(5_000);

  const leaked: string[] = [];
  let heard = 0;
  const sources = [node.spiffeId];
  for await (const one of node.subscribe({ afterCursor: 0n, sources, untilHead: true })) {
    if (one.kind !== "event") continue;
    const own = planted[heard];
    const { type } = fromBinary(EventSchema, one.stored.event);
    expect(type).toBe(placeOf(heard).family.type);
    if (own !== undefined) leaked.push(...leaksIn(one.stored.event, [own]));
    heard += 1;
  }
  expect(heard).toBe(planted.length);
  await node.close();
  await hub.stop();
  expect(written()).toContain("stopped");
  leaked.push(...leaksIn(Buffer.from(written()), planted));
  expect(leaked).toEqual([]);
});
