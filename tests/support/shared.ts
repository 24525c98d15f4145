// What all tests of a file share.
import { afterAll, beforeAll } from "vitest";

/** A plain object that is there from before the first test of a file until after the last. */
export function shared<T extends object>(
  start: () => Promise<T>,
  stop: (one: T) => Promise<unknown>,
): T {
  let started: T | undefined;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(async () => {
    if (started !== undefined) await stop(started);
  });
  const read = (_: unknown, key: string | symbol): unknown => {
    if (started === undefined) throw new Error(`${String(key)} is there only while tests run`);
    return Reflect.get(started, key);
  };
  return new Proxy<T>({} as T, { get: read });
}
