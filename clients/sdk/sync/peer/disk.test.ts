import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { Kind, StreamSchema } from "@foedus/gen/foedus/sync/v1/sync_pb.js";
import { newSigningKey } from "@foedus/kernel/signing.ts";
import { encodeOp, streamKey } from "@foedus/kernel/sync/op.ts";
import { signSegment } from "@foedus/kernel/sync/segment.ts";
import { expect, onTestFinished, test } from "vitest";
import { fileDisk } from "../disk.file.store.ts";

test("what a peer brought is kept with its author's signature, which ops share again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "foedus-peer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const stream = create(StreamSchema, { collection: "notes", zone: "world", lane: 2 });
  const key = streamKey("main", stream);
  const bodies = [1, 2, 3].map((byte) =>
    encodeOp({ kind: Kind.APPEND, body: Uint8Array.of(byte) }),
  );
  const subject = { tenant: "main", stream, replica: "r", nodeId: "node_a", ctrFrom: 1 };
  const segment = signSegment(newSigningKey(), subject, bodies);
  const ops = bodies.map((bytes, at) => ({ replica: "r", ctr: at + 1, bytes, segment }));
  const own = { replica: "own", ctr: 1, bytes: encodeOp({ kind: Kind.APPEND }) };
  const disk = fileDisk(join(folder, "sync.db"));
  await disk.load("own");
  await disk.save([{ stream, patch: { key, ops: [...ops, own] } }]);
  await disk.close();
  const again = fileDisk(join(folder, "sync.db"));
  const held = (await again.load("other")).holds.get(key)?.ops;
  await again.close();
  const segments = ["r:1", "r:2", "r:3", "own:1"].map((name) => held?.get(name)?.segment);
  expect(segments).toEqual([segment, segment, segment, undefined]);
  expect(new Set(segments).size).toBe(2);
});
