// The recipe of the docs, run as it stands there, in each language that is at hand.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { BatchSchema, EventSchema } from "@foedus/gen/foedus/event/v1/event_pb.js";
import { signingKeyToPem } from "@foedus/kernel/signing.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBatch } from "../../server/capabilities/event/batch.ts";
import { gatherThirdParty } from "../../tools/gen/third-party.ts";
import { newSigner, telemetry, testRules } from "../support/publication.ts";

const recipe = readFileSync(
  new URL("../../docs/recipes/sign-an-event.md", import.meta.url),
  "utf8",
);
const root = new URL("../../", import.meta.url).pathname;

/** Go compiles its own library the first time. */
const runMs = 300_000;

/** How a language's block is run, and how to find out whether it can be. */
const languages = [
  {
    tag: "python",
    file: "sign.py",
    run: ["python3", "sign.py"],
    probe: ["python3", "-c", "import cryptography"],
  },
  { tag: "go", file: "sign.go", run: ["go", "run", "sign.go"], probe: ["go", "version"] },
  { tag: "sh", file: "sign.sh", run: ["sh", "-e", "sign.sh"], probe: ["openssl", "version"] },
  {
    tag: "ts",
    file: "sign.ts",
    run: [process.execPath, "sign.ts"],
    probe: [process.execPath, "-v"],
  },
];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "foedus-recipe-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The first block of a language. */
function blockOf(tag: string): string {
  const [, code] = new RegExp(`\`\`\`${tag}\n([^]*?)\`\`\``).exec(recipe) ?? [];
  if (code === undefined) throw new Error(`the recipe has no ${tag}`);
  return code;
}

function execute([command = "", ...flags]: readonly string[]): void {
  execFileSync(command, flags, { cwd: folder, stdio: "pipe" });
}

function isAtHand(probe: readonly string[]): boolean {
  try {
    const [command = "", ...flags] = probe;
    execFileSync(command, flags, { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

for (const { tag, file, run, probe } of languages) {
  test.runIf(isAtHand(probe))(
    `the hub accepts what the recipe signs in ${tag}`,
    { timeout: runMs },
    () => {
      const signer = newSigner();
      const place = { source: signer.source, stream: "main", epoch: 1n, first: 1n };
      const event = toBinary(EventSchema, telemetry(place));
      writeFileSync(join(folder, "event.bin"), event);
      writeFileSync(join(folder, "key.pem"), signingKeyToPem(signer.signing));
      writeFileSync(join(folder, file), blockOf(tag));
      execute(run);
      const [signature, keyId] = ["signature.bin", "key_id.bin"].map(
        (name) => new Uint8Array(readFileSync(join(folder, name))),
      );
      const batch = create(BatchSchema, { events: [event], signature, keyId });
      expect(openBatch(batch, signer, testRules).events).toHaveLength(1);
    },
  );
}

test(
  "buf converts the recipe's JSON into an event that the hub would read",
  { timeout: runMs },
  () => {
    writeFileSync(join(folder, "event.json"), blockOf("json"));
    const [, convert = ""] = /\n(buf convert .*)\n/.exec(recipe) ?? [];
    const flags = convert
      .replace("event.json", join(folder, "event.json"))
      .replace("event.binpb", join(folder, "event.binpb"))
      .split(" ")
      .slice(1);
    // A fresh clone has not gathered other people's schemas yet.
    gatherThirdParty(root);
    execFileSync(join(root, "node_modules/.bin/buf"), flags, { cwd: root, stdio: "pipe" });
    const signer = newSigner();
    const bytes = new Uint8Array(readFileSync(join(folder, "event.binpb")));
    const place = { source: signer.source, stream: "main", epoch: 1_795_000_000_000n, first: 1n };
    const payload = Uint8Array.of(0x20, 0x01);
    expect(bytes).toEqual(toBinary(EventSchema, telemetry(place, { payload })));
  },
);
