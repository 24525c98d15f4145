import type { UpgradeCheck } from "@foedus/gen/foedus/hub/v1/hub_pb.js";
import {
  CheckUpgradeResponseSchema,
  HubService,
} from "@foedus/gen/foedus/hub/v1/hub_service_pb.js";
import type { CliContext } from "../context.ts";
import { Ended } from "../end.ts";
import { exitCodes } from "../exit.ts";
import { bad, good, strong } from "../paint.ts";
import type { Print } from "../print.ts";
import { counted } from "../words/plural.ts";

/** Whether the hub may be upgraded now. @throws Ended when something stands in the way. */
export async function checkUpgrade(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(HubService).checkUpgrade({}, hub.call);
  const { version, checks } = answer;
  const wrong = checks.filter((one) => !one.ok).length;
  await print.answer(CheckUpgradeResponseSchema, answer, () => {
    print.line(`The hub runs version ${version}.`);
    print.line();
    tellChecks(print, checks);
    print.line();
    const ready = "Nothing stands in the way of an upgrade.";
    const things = `${counted(wrong, "thing")} in the way of an upgrade.`;
    print.line(strong(wrong === 0 ? ready : things));
  });
  if (wrong > 0) throw new Ended(exitCodes.failed);
}

const markWidth = 7;

function tellChecks(print: Print, checks: readonly UpgradeCheck[]): void {
  const width = Math.max(...checks.map((one) => one.name.length)) + 2;
  for (const { name, ok, detail, fix } of checks) {
    const mark = (ok ? "ok" : "wrong").padEnd(markWidth);
    print.line(ok ? good(mark) : bad(mark), name.padEnd(width), detail);
    if (fix !== "") print.line(" ".repeat(markWidth + width), strong("To mend it: "), fix);
  }
}
