import { expect, test } from "vitest";
import { reachOf, reachOfIp } from "./reach.ts";

test.each([
  "127.0.0.1:1",
  "127.255.255.254:1",
  "127.1:1",
  "0x7f000001:1",
  "2130706433:1",
  "017700000001:1",
  "[::1]:1",
  "[0:0:0:0:0:0:0:1]:1",
  "[::ffff:127.0.0.1]:1",
  "[::ffff:7f00:1]:1",
  "localhost:1",
  "LOCALHOST.:1",
  "hub.localhost:1",
])("%s leads to whoever dials it", (address) => expect(reachOf(address)).toBe("here"));

test.each([
  "0.0.0.0:1",
  "0.1.2.3:1",
  "169.254.169.254:1",
  "[::ffff:169.254.169.254]:1",
  "224.0.0.1:1",
  "239.255.255.255:1",
  "255.255.255.255:1",
  "[::]:1",
  "[::ffff:0.0.0.0]:1",
  "[fe80::1]:1",
  "[febf::1]:1",
  "[ff02::1]:1",
  "no host:1",
  ":1",
])("%s leads nowhere", (address) => expect(reachOf(address)).toBe("nowhere"));

test.each([
  "126.255.255.255:1",
  "128.0.0.0:1",
  "169.253.255.255:1",
  "169.255.0.0:1",
  "223.255.255.255:1",
  "10.0.0.1:1",
  "[::2]:1",
  "[fc00::1]:1",
  "[::ffff:10.0.0.1]:1",
  "edge-1.example:7500",
  "localhost.example:1",
])("%s leads elsewhere", (address) => expect(reachOf(address)).toBe("elsewhere"));

test("an address that a name led to is judged without its interface", () => {
  expect(reachOfIp("fe80::1%eth0")).toBe("nowhere");
  expect(reachOfIp("::1%lo")).toBe("here");
  expect(reachOfIp("not an address")).toBe("nowhere");
});
