import { expect, test } from "vitest";
import { fixedWorld } from "../../../tests/support/world.fixed.ts";
import { openShare, restFactor } from "./share.ts";

const tookMs = 100;

/** What takes a while to find out; says the how-manieth look it was. */
function slow() {
  const world = fixedWorld(0);
  let looks = 0;
  const ask = openShare(world, async (key: string) => {
    looks += 1;
    const look = looks;
    await Promise.resolve();
    world.advance(tookMs);
    if (key === "broken") throw new Error("it is broken");
    return `${key} ${look}`;
  });
  return { world, ask };
}

test("who asks at the same time shares one look, and others have their own", async () => {
  const { ask } = slow();
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual(["a 1", "a 1", "b 2"]);
});

test("a look rests as long as it costs, and no millisecond longer", async () => {
  const { world, ask } = slow();
  await ask("a");
  world.advance(restFactor * tookMs - 1);
  expect(await ask("a")).toBe("a 1");
  world.advance(1);
  expect(await ask("a")).toBe("a 2");
});

test("a look that failed is nobody else's answer", async () => {
  const { ask } = slow();
  await expect(ask("broken")).rejects.toThrow("it is broken");
  await expect(ask("broken")).rejects.toThrow("it is broken");
  expect(await ask("a")).toBe("a 3");
});
