import { connect } from "node:net";
import { reachOfIp } from "@foedus/kernel/reach.ts";
import { expect, test } from "vitest";
import { lookupOf } from "./lookup.ts";

/** What a name leads to. */
function found(allows: (ip: string) => boolean, all: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    lookupOf(allows)("localhost", { all }, (error, address) => {
      if (error === null) resolve(address);
      else reject(error);
    });
  });
}

test("a name that leads only where nobody may dial leads nowhere", async () => {
  const elsewhere = (ip: string) => reachOfIp(ip) === "elsewhere";
  for (const all of [true, false]) await expect(found(elsewhere, all)).rejects.toThrow("localhost");
});

test("of what a name leads to the fair addresses are left", async () => {
  const here = (ip: string) => reachOfIp(ip) === "here";
  expect(reachOfIp(String(await found(here, false)))).toBe("here");
  expect(await found(here, true)).not.toEqual([]);
});

test("a connection by a name is refused before a byte leaves", async () => {
  const socket = connect({ host: "localhost", port: 1, lookup: lookupOf(() => false) });
  const error = await new Promise((resolve) => socket.once("error", resolve));
  expect(String(error)).toContain("leads where it may not");
});
