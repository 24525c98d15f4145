import { durationFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { JoinToken } from "@foedus/gen/foedus/identity/v1/identity_pb.js";
import type { CreateTokenResponse } from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import {
  CancelTokenResponseSchema,
  CreateTokenResponseSchema,
  IdentityService,
  ListTokensResponseSchema,
} from "@foedus/gen/foedus/identity/v1/identity_service_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import type { CliContext } from "../context.ts";
import { roleName } from "../names.ts";
import { tellListing } from "../listing.ts";
import { allPages } from "../pages.ts";
import { strong, unknown, type Piece } from "../paint.ts";
import { newSecretFile } from "../secret-file.ts";
import { agoText } from "../words/span.ts";
import { joinCommand } from "./join-command.ts";
import { tokenStanding } from "./standing.ts";

/** What `token create` takes. */
export interface CreateOptions {
  readonly name?: string;
  readonly role?: Role;
  /** In milliseconds. */
  readonly lifetime?: number;
  readonly tokenOut?: string;
}

/** Makes a token and tells how to use it. */
export async function createToken(context: CliContext, options: CreateOptions): Promise<void> {
  const hub = await context.hub();
  const { name = "", role = Role.MEMBER, lifetime, tokenOut } = options;
  const file = tokenOut === undefined ? undefined : newSecretFile(tokenOut);
  const request = {
    requestId: context.newRequestId(),
    name,
    role,
    ...(lifetime === undefined ? {} : { lifetime: durationFromMs(lifetime) }),
  };
  const made = await hub
    .as(IdentityService)
    .createToken(request, hub.call)
    .catch((error: unknown) => {
      file?.discard();
      throw error;
    });
  file?.write(`${made.secret}\n`);
  const shown = file === undefined ? made : { ...made, secret: "" };
  await context.print.answer(CreateTokenResponseSchema, shown, () => {
    tellToken(context, made, tokenOut, hub.nowMs());
  });
}

function tellToken(
  { print }: CliContext,
  { token, secret, invitation }: CreateTokenResponse,
  file: string | undefined,
  nowMs: number,
): void {
  const { name = "", role = Role.UNSPECIFIED, expireTime } = token ?? {};
  const whom = name === "" ? "one node" : `one node, named ${name}`;
  const end =
    expireTime === undefined ? "" : ` It ends ${agoText(timestampMs(expireTime), nowMs)}.`;
  print.line(`This token admits ${whom}, as ${roleName(role)}.${end}`);
  print.line();
  print.line("Invitation  ", strong(invitation));
  if (file === undefined) print.line("Token       ", strong(secret), "  (shown only now)");
  else print.line("Token       in ", strong(file), "  (for you alone)");
  print.line();
  const paste = file === undefined ? ", and paste the token when it asks" : "";
  print.line(`On the node's machine, run this${paste}:`);
  print.line();
  print.line("  ", joinCommand({ invitation, name, file }));
}

/** Lists tokens. */
export async function listTokens(context: CliContext): Promise<void> {
  const hub = await context.hub();
  const client = hub.as(IdentityService);
  const tokens = await allPages(
    (page) => client.listTokens({ page }, hub.call),
    (page) => page.tokens,
  );
  const nowMs = hub.nowMs();
  await tellListing(
    context.print,
    ListTokensResponseSchema,
    { tokens },
    {
      items: tokens,
      head: ["TOKEN", "STANDING", "NAME", "ROLE", "MADE", "BY"],
      row: (token) => rowOf(token, nowMs),
      none: ["There are no tokens. Make one: foedus token create --name web"],
    },
  );
}

function rowOf(token: JoinToken, nowMs: number): Piece[] {
  const { id, name, role, createTime, createdBy } = token;
  const made = createTime === undefined ? unknown : agoText(timestampMs(createTime), nowMs);
  return [id, tokenStanding(token, nowMs), name || "any", roleName(role), made, createdBy];
}

/** Takes a token back. */
export async function cancelToken(context: CliContext, typed: string): Promise<void> {
  const hub = await context.hub();
  // The id is the public half of a token: whoever pastes the whole one means the same.
  const [tokenId = ""] = typed.split(".");
  const request = { requestId: context.newRequestId(), tokenId };
  const answer = await hub.as(IdentityService).cancelToken(request, hub.call);
  await context.print.answer(CancelTokenResponseSchema, answer, () => {
    context.print.line(`Token ${tokenId} admits nobody any more.`);
  });
}
