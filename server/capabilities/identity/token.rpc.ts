import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import type { IdentityService } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { CreateTokenResponseSchema } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { base64url } from "@foedus/kernel/bytes.ts";
import { sameSecret, sha256 } from "@foedus/kernel/digest.ts";
import { Fault } from "@foedus/kernel/fault.ts";
import { newId } from "@foedus/kernel/ids.ts";
import { formatToken, parseToken } from "@foedus/kernel/invitation.ts";
import { callerOf } from "../../runtime/caller.ts";
import { writeOf } from "../../runtime/write.ts";
import { invitationTo, type IdentityKit } from "./kit.rpc.ts";
import { makeToken, secretBytes } from "./token.ts";
import type { ShownToken } from "./token.store.ts";

type Methods = "createToken" | "listTokens" | "cancelToken";

/** Making, listing and cancelling tokens. */
export function tokenRpc(kit: IdentityKit): Pick<ServiceImpl<typeof IdentityService>, Methods> {
  const { hub, authority, tokens } = kit;
  return {
    async createToken(request, context) {
      const write = writeOf(request, context);
      const invitation = invitationTo(kit, write.caller.tenant);
      return await tokens.create(write, request.name, (nowMs) => {
        const token = makeToken(write.caller, request, newId("fjt", hub.world), nowMs);
        const secret = base64url(hub.world.random.bytes(secretBytes));
        const whole = formatToken({ id: token.id, secret, caHash: authority.caHash });
        const answer = create(CreateTokenResponseSchema, { token, secret: whole, invitation });
        return { answer, secretHash: sha256(secret) };
      });
    },

    async listTokens(request, context) {
      return await tokens.list(callerOf(context).tenant, request.page);
    },

    async cancelToken(request, context) {
      return { token: await tokens.cancel(writeOf(request, context), request.tokenId) };
    },
  };
}

/**
 * The token that a joiner shows. An unknown one and a wrong secret look the same, and cost a try.
 *
 * @throws Fault TOKEN_INVALID or RATE_LIMITED.
 */
export async function tokenShown(
  { tokens, tries }: IdentityKit,
  text: string,
  address: string,
): Promise<ShownToken> {
  tries.refuseGuesser(address);
  const parts = parseToken(text);
  const shown = parts === undefined ? undefined : await tokens.find(parts.id);
  const expected = shown?.secretHash ?? nobodysHash;
  const right = sameSecret(sha256(parts?.secret ?? ""), expected);
  if (shown !== undefined && right) return shown;
  tries.wrong(address);
  throw new Fault(Reason.TOKEN_INVALID);
}

/** No secret has this hash, so an unknown token takes as long as a wrong one. */
const nobodysHash = new Uint8Array(32);
