import { create } from "@bufbuild/protobuf";
import { timestampMs, type Timestamp } from "@bufbuild/protobuf/wkt";
import type { JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import { JoinRequestState } from "@foedus/gen/foedus/access/v1/access_pb.js";
import {
  AccessService,
  ApproveJoinResponseSchema,
  DenyJoinResponseSchema,
  ListJoinRequestsResponseSchema,
} from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Role } from "@foedus/gen/foedus/options/v1/options_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { requestStateName, roleName } from "../names.ts";
import { allPages } from "../pages.ts";
import { strong, unknown, type Piece } from "../paint.ts";
import { agoText } from "../words/span.ts";

const open = [JoinRequestState.WAITING, JoinRequestState.APPROVED];

/** Lists who asked to join: who waits, or everybody. */
export async function listRequests(context: CliContext, all: boolean): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const joinRequests = await readRequests(context, all ? [] : open);
  const answer = create(ListJoinRequestsResponseSchema, { joinRequests });
  await print.answer(ListJoinRequestsResponseSchema, answer, async () => {
    if (joinRequests.length === 0) {
      print.line(all ? "Nobody asked to join." : "Nobody waits.");
      return;
    }
    const nowMs = hub.nowMs();
    const head = ["FINGERPRINT", "NAME", "STANDING", "FROM", "ASKED", "LAST SEEN", "WISH"];
    await print.table(
      head,
      joinRequests.map((one) => rowOf(one, nowMs)),
    );
    print.line();
    print.line("Compare the fingerprint with what the joiner shows, then:");
    print.line("  foedus access approve FINGERPRINT   or   foedus access deny FINGERPRINT");
  });
}

function rowOf(request: JoinRequest, nowMs: number): Piece[] {
  const { id, name, fingerprint, address, createTime, lastSeenTime } = request;
  const ago = (time: Timestamp | undefined) =>
    time === undefined ? unknown : agoText(timestampMs(time), nowMs);
  const when = [ago(createTime), ago(lastSeenTime)];
  return [fingerprint, name || "any", standing(request), address, ...when, id];
}

function standing({ state, nodeId, reason }: JoinRequest): Piece {
  const word = requestStateName(state);
  if (state === JoinRequestState.JOINED) return `${word} as ${nodeId}`;
  return reason === "" ? word : `${word}: ${reason}`;
}

/** Approves a wish: by its fingerprint, which the joiner shows, or by its id after a look. */
export async function approve(
  context: CliContext,
  typed: string,
  { role = Role.UNSPECIFIED, yes = false }: { readonly role?: Role; readonly yes?: boolean },
): Promise<void> {
  const hub = await context.hub();
  const { id: joinRequestId, fingerprint } = await find(context, typed);
  if (typed !== fingerprint && !yes) await compare(context, fingerprint);
  const request = { requestId: context.newRequestId(), joinRequestId, fingerprint, role };
  const answer = await hub.as(AccessService).approveJoin(request, hub.call);
  await context.print.answer(ApproveJoinResponseSchema, answer, () => {
    const { name = "", role: given = role } = answer.joinRequest ?? {};
    const who = name === "" ? fingerprint : name;
    context.print.line(strong(who), ` may join as ${roleName(given)}; it asks again by itself.`);
  });
}

async function compare({ terminal }: CliContext, fingerprint: string): Promise<void> {
  const act = `Approving ${fingerprint}`;
  if (!terminal.isAttended) throw new Fault(Reason.CONFIRMATION_MISSING, { act });
  const answer = await terminal.ask(`Does the joiner show ${fingerprint}? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Ended(exitCodes.failed, "Nothing was changed.");
}

/** Denies a wish. */
export async function deny(
  context: CliContext,
  typed: string,
  { reason, block = false }: { readonly reason: string; readonly block?: boolean },
): Promise<void> {
  const hub = await context.hub();
  const { id: joinRequestId, fingerprint } = await find(context, typed);
  const request = { requestId: context.newRequestId(), joinRequestId, reason, block };
  const answer = await hub.as(AccessService).denyJoin(request, hub.call);
  await context.print.answer(DenyJoinResponseSchema, answer, () => {
    const also = block ? ", and its key is blocked" : "";
    context.print.line(`${fingerprint} is denied${also}. It hears why.`);
  });
}

async function find(context: CliContext, typed: string): Promise<JoinRequest> {
  const all = await readRequests(context, []);
  const found = all.find(({ id, fingerprint }) => id === typed || fingerprint === typed);
  if (found !== undefined) return found;
  throw new Fault(Reason.NOT_FOUND, { object: `wish to join ${typed}` });
}

async function readRequests(context: CliContext, states: JoinRequestState[]) {
  const hub = await context.hub();
  const client = hub.as(AccessService);
  return await allPages(
    (page) => client.listJoinRequests({ page, states }, hub.call),
    (page) => page.joinRequests,
  );
}
