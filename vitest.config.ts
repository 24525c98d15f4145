import { defineConfig } from "vitest/config";

const exclude = ["**/node_modules/**", "**/.foedus/**", "**/.tools/**", "web/dist/**"];
const onDatabase = ["**/*.store.test.ts", "**/*.pg.test.ts"];
const startsDatabase = ["./tests/support/postgres.ts"];

/** Long enough for real processes and a real PostgreSQL on two busy cores. */
const testTimeout = 30_000;
/** How long something that is looked at again and again may take to hold. */
const pollTimeout = 15_000;

export default defineConfig({
  test: {
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
