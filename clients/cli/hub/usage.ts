import type { LimitUsage } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import { GetUsageResponseSchema, HubService } from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { CliContext } from "../context.ts";
import { dim, strong, warn, type Piece } from "../paint.ts";
import type { Print } from "../print.ts";
import { sizeText } from "../words/bytes.ts";

/** How much of each limit is used. */
export async function showUsage(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(HubService).getUsage({}, hub.call);
  await print.answer(GetUsageResponseSchema, answer, async () => {
    await print.table(["LIMIT", "USED", "OF", "SHARE", "WHOSE"], answer.limits.map(rowOf));
    tellAdvice(print, answer.limits);
  });
}

/** What to do about the limits that warn; nothing where none does. */
export function tellAdvice(print: Print, limits: readonly LimitUsage[]): void {
  const tight = limits.filter((one) => one.warning);
  if (tight.length === 0) return;
  print.line();
  for (const one of tight) {
    const whose = one.subject === "" ? "" : ` of ${one.subject}`;
    const figures = `${amount(one, one.used)} of ${amount(one, one.max)}`;
    print.line(warn("tight  "), `${one.name}${whose}: ${figures}`);
    print.line("       ", strong("To mend it: "), one.advice);
  }
}

function rowOf(one: LimitUsage): Piece[] {
  const { name, subject, used, max, warning } = one;
  const share = max === 0n ? "" : `${Math.round((Number(used) * 100) / Number(max))} %`;
  const of = max === 0n ? dim("no limit") : amount(one, max);
  return [name, amount(one, used), of, warning ? warn(share) : share, subject || dim("the hub")];
}

function amount({ name }: LimitUsage, value: bigint): string {
  return name.includes("bytes") ? sizeText(Number(value)) : String(value);
}
