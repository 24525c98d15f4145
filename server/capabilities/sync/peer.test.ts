import { Fault } from "@foedus/kernel/fault.ts";
import { expect, test } from "vitest";
import { requireReachable } from "./peer.ts";

const asked = (address: string, isLocal: boolean) => () => requireReachable(address, isLocal);

test("a loopback address is for those alone who came over the loopback", () => {
  for (const address of ["127.0.0.1:1", "[::ffff:127.0.0.1]:1", "[::1]:1", "localhost:1"]) {
    expect(asked(address, true)).not.toThrow();
    expect(asked(address, false)).toThrow(Fault);
  }
});

test("what leads nowhere nobody is told, and who listens nowhere says so", () => {
  for (const address of ["0.0.0.0:1", "[::]:1", "169.254.1.1:1", "[fe80::1]:1", "224.0.0.1:1"]) {
    for (const isLocal of [true, false]) expect(asked(address, isLocal)).toThrow(Fault);
  }
  expect(asked("", false)).not.toThrow();
  expect(asked("10.0.0.1:1", false)).not.toThrow();
});
