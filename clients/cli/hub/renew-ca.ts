import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { reissueIntermediate } from "../../../server/capabilities/identity/recovery.ts";
import type { CliContext } from "../context.ts";
import { readSecret } from "../secret.ts";

/** Gives the hub of the data folder a new issuing certificate. */
export async function renewCa(context: CliContext): Promise<void> {
  const code = await readSecret(context, { file: undefined, question: "Recovery code: " });
  if (code === "") {
    const problem = "no recovery code came on standard input";
    throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus hub renew-ca" });
  }
  const { issuer } = await reissueIntermediate(context.folder, code, context.world);
  const endTime = issuer.certificate.notAfter.toISOString();
  if (context.print.output === "json") return context.print.json({ endTime });
  context.print.line(
    `The hub in ${context.folder} has a new issuing certificate, until ${endTime}.`,
  );
  context.print.line("A running hub takes it at its next start. Nodes need to do nothing.");
}
