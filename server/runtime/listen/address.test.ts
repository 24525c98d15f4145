import { create } from "@bufbuild/protobuf";
import { HubConfigSchema } from "@foedus/gen/foedus/config/v1/config_pb.js";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";
import { expect, test } from "vitest";
import { bracketed, isLoopback, publicHostOf } from "./address.ts";

test("a name in capital letters makes an invitation that can be read again", () => {
  const host = publicHostOf(create(HubConfigSchema, { publicHost: "Hub.Example", host: "::" }));
  const invitation = { host, port: 7444, tenant: "main", caHash: "A".repeat(22) };
  expect(parseInvitation(formatInvitation(invitation))).toEqual({
    ...invitation,
    host: "hub.example",
  });
});

test("loopback is known in each of its spellings", () => {
  expect(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"].every(isLoopback)).toBe(
    true,
  );
  expect(["10.0.0.1", "::2", "example.org"].some(isLoopback)).toBe(false);
});

test("an IPv6 address stands in brackets", () => {
  expect([bracketed("::1"), bracketed("127.0.0.1")]).toEqual(["[::1]", "127.0.0.1"]);
});
