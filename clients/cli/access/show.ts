import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { AccessMode } from "@foedus/gen/foedus/access/v1/access_pb.js";
import {
  AccessService,
  GetAccessResponseSchema,
  SetAccessModeResponseSchema,
} from "@foedus/gen/foedus/access/v1/access_service_pb.js";
import type { CliContext } from "../context.ts";
import { modeName } from "../names.ts";
import { strong } from "../paint.ts";
import { counted } from "../words/plural.ts";
import { agoText } from "../words/span.ts";

const meanings: Readonly<Record<string, string>> = {
  open: "the invitation suffices; who has no token becomes an observer",
  approval: "a token admits at once; who has none waits for an admin",
  invite: "a token is needed, and a name that stands in it or on the allow list",
};

/** Tells how newcomers are admitted, and who waits. */
export async function showAccess(context: CliContext): Promise<void> {
  const { print } = context;
  const hub = await context.hub();
  const answer = await hub.as(AccessService).getAccess({}, hub.call);
  await print.answer(GetAccessResponseSchema, answer, async () => {
    const { settings, waiting, allowed, blocked } = answer;
    if (settings === undefined) return;
    const { mode, changeTime, changedBy, reason } = settings;
    const name = modeName(mode);
    const why = reason === "" ? "" : `: ${reason}`;
    const changed =
      changeTime === undefined
        ? "never; this is the default"
        : `${agoText(timestampMs(changeTime), hub.nowMs())} by ${changedBy}${why}`;
    await print.pairs([
      ["Mode", strong(name)],
      ["Means", meanings[name] ?? ""],
      ["Changed", changed],
      ["Waiting", counted(waiting, "wish", "wishes")],
      ["Allow list", counted(allowed, "rule")],
      ["Block list", counted(blocked, "rule")],
    ]);
    if (waiting === 0) return;
    print.line();
    print.line("Who waits: foedus access requests");
  });
}

/** Changes how newcomers are admitted. */
export async function setMode(context: CliContext, mode: AccessMode, reason = ""): Promise<void> {
  const hub = await context.hub();
  const request = { requestId: context.newRequestId(), mode, reason };
  const answer = await hub.as(AccessService).setAccessMode(request, hub.call);
  await context.print.answer(SetAccessModeResponseSchema, answer, () => {
    const name = modeName(mode);
    context.print.line("The mode is ", strong(name), ` from now on: ${meanings[name] ?? ""}.`);
  });
}
