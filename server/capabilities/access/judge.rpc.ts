import type { ServiceImpl } from "@connectrpc/connect";
import type { JoinRequest } from "@foedus/gen/foedus/access/v1/access_pb.js";
import type {
  AccessService,
  JudgeJoinRequest,
} from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import { fingerprintOf } from "@foedus/kernel/fingerprint.ts";
import { writeOf, type Write } from "../../runtime/write.ts";
import { judge, type Wish } from "./access.ts";
import type { AccessKit } from "./kit.rpc.ts";
import { waitingFor } from "./request.ts";

/** Says for identity whether somebody may join. */
export function judgeRpc(kit: AccessKit): Pick<ServiceImpl<typeof AccessService>, "judgeJoin"> {
  return {
    async judgeJoin(request, context) {
      const write = writeOf(request, context);
      if (request.holdMs === 0n) return await judgedNow(kit, write, request);
      const over = AbortSignal.any([context.signal, kit.draining]);
      return await judgedLate(kit, write, request, over);
    },
  };
}

/** Keeps a verdict to wait back until there is another, or until it may be kept no longer. */
async function judgedLate(
  kit: AccessKit,
  write: Write,
  request: JudgeJoinRequest,
  over: AbortSignal,
) {
  const { clock, timers } = kit.storage.world;
  const fingerprint = fingerprintOf(request.identityKey);
  const endMs = clock.monotonic() + Number(request.holdMs);
  for (;;) {
    const round = new AbortController();
    const either = AbortSignal.any([over, round.signal]);
    // Before it is looked: what is decided meanwhile is not slept through.
    const news = kit.news.next(write.caller.tenant, fingerprint, either);
    try {
      const judged = await judgedNow(kit, write, request);
      const leftMs = endMs - clock.monotonic();
      if (judged.verdict.case === "admit" || leftMs <= 0) return judged;
      await Promise.race([news, timers.sleep(leftMs, either)]);
      // A hub that stops asks its database no more.
      if (over.aborted) return judged;
    } finally {
      round.abort();
    }
  }
}

async function judgedNow(kit: AccessKit, write: Write, request: JudgeJoinRequest) {
  const { tenant } = write.caller;
  const { settings, rules, revision } = await kit.standing(tenant);
  const wish = wishOf(request);
  const asked = wish.hasToken ? undefined : await kit.requests.find(tenant, wish.fingerprint);
  const standing = { mode: settings.mode, rules };
  const verdict = judge(standing, wish, asked, kit.storage.nowMs());
  if (verdict.kind === "admit") {
    const { role, name, vouched } = verdict;
    return { verdict: { case: "admit", value: { role, name, vouched, revision } } } as const;
  }
  const waiting = waitingFor(await noted(kit, write, request, asked), tenant);
  return { verdict: { case: "waiting", value: waiting } } as const;
}

function wishOf({ name, identityKey, hasToken, nameInToken }: JudgeJoinRequest): Wish {
  return { name, fingerprint: fingerprintOf(identityKey), hasToken, nameInToken };
}

/** Who asks for the first time is written down; who asks again is only seen again. */
async function noted(
  { requests }: AccessKit,
  write: Write,
  { name, identityKey, address }: JudgeJoinRequest,
  asked: JoinRequest | undefined,
): Promise<JoinRequest> {
  if (asked === undefined) {
    const fingerprint = fingerprintOf(identityKey);
    return await requests.note(write, { name, identityKey, fingerprint, address });
  }
  await requests.seen(write.caller.tenant, asked);
  return asked;
}
