import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { newId } from "@foedus/kernel/ids.ts";
import { realWorld } from "@foedus/kernel/world.real.ts";

/** A join token and the invitation to show it at, made with a person's session. */
export async function tokenFor(
  { web, session }: { readonly web: string; readonly session: string },
  name: string,
): Promise<{ token: string; invitation: string }> {
  const transport = createConnectTransport({
    baseUrl: web,
    httpVersion: "1.1",
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${session}`);
        return next(request);
      },
    ],
  });
  const identities = createClient(IdentityService, transport);
  const made = await identities.createToken({ requestId: newId("req", realWorld), name });
  return { token: made.secret, invitation: made.invitation };
}
