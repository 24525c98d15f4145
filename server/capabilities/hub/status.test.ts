import { create } from "@bufbuild/protobuf";
import { HubStatusSchema } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { expect, test } from "vitest";
import { statusFor } from "./status.ts";

const invitationTo = (tenant: string) => `foedus://hub.test:7444/${tenant}#${"a".repeat(22)}`;
const status = create(HubStatusSchema, {
  version: "1",
  invitation: invitationTo("main"),
  uplink: { parent: invitationTo("above") },
});

test("people of another tenant are invited to their own, and not to the hub's, nor its parent's", () => {
  const seen = statusFor(status, "acme", "main");
  expect(seen).toMatchObject({ version: "1", invitation: invitationTo("acme") });
  expect(seen.uplink).toBeUndefined();
  expect(statusFor(create(HubStatusSchema), "acme", "main").invitation).toBe("");
});

test("those of the hub's own tenant see all of it", () => {
  expect(statusFor(status, "main", "main")).toBe(status);
});
