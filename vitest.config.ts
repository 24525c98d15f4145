import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/.foedus/**", "**/.tools/**", "web/dist/**"];
const onDatabase = ["**/*.store.test.ts", "**/*.pg.test.ts"];
const startsDatabase = ["./tests/support/postgres.ts"];

/** Nobody waits for time here: this only ends what hangs, on a machine ten times as slow too. */
const testTimeout = 300_000;
/** Tests wait for processes more than they compute: one file at a time leaves two cores idle. */
const maxWorkers = Math.max(2, availableParallelism() - 1);
/** How long something that is looked at again and again may take to hold. */
const pollTimeout = 100_000;

export default defineConfig({
  test: {
    maxWorkers,
    testTimeout,
    hookTimeout: testTimeout,
    expect: { poll: { timeout: pollTimeout } },
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["**/*.test.ts"], exclude: [...exclude, ...onDatabase] },
      },
      {
        extends: true,
        test: { name: "pg", include: onDatabase, exclude, globalSetup: startsDatabase },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.e2e.ts"],
          exclude,
          globalSetup: startsDatabase,
        },
      },
    ],
  },
});
