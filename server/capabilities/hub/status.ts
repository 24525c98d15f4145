import type { HubStatus } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { formatInvitation, parseInvitation } from "@foedus/kernel/invitation.ts";

/**
 * The status as people of a tenant see it: with the invitation to their own tenant. The way to the
 * parent is for those of the hub's own.
 */
export function statusFor(status: HubStatus, tenant: string, home: string): HubStatus {
  if (tenant === home) return status;
  const invited = parseInvitation(status.invitation);
  const invitation = invited === undefined ? "" : formatInvitation({ ...invited, tenant });
  const { uplink: _, ...rest } = status;
  return { ...rest, invitation };
}
