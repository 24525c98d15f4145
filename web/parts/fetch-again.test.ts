import { expect, test } from "vitest";
import { fetchAgain } from "./fetch-again.ts";

test("what could not be fetched is fetched once the hub is back", async () => {
  let asked = 0;
  const load = () => {
    asked += 1;
    return asked < 3 ? Promise.reject(new Error("away")) : Promise.resolve("here");
  };
  expect(await fetchAgain(load)).toBe("here");
  expect(asked).toBe(3);
});
