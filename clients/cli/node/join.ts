import { Reason } from "@foedus/gen/foedus/fault/v1/fault_pb.js";
import { Fault } from "@foedus/kernel/fault.ts";
import { parseInvitation } from "@foedus/kernel/invitation.ts";
import { joinHub, type Joined } from "@foedus/sdk/join.ts";
import { hasJoined } from "@foedus/sdk/membership/membership.ts";
import { folderStore } from "@foedus/sdk/store/folder.ts";
import type { CliContext } from "../context.ts";
import { strong } from "../paint.ts";
import { readSecret } from "../secret.ts";
import { quoted } from "../shell.ts";
import { tellWaiting } from "./waiting.ts";

/** What `node join` takes. */
export interface NodeJoinOptions {
  readonly name?: string;
  readonly tokenFile?: string;
  /** False when it asks to join without one. */
  readonly token?: boolean;
}

/** Makes a node in a folder and lets it join. */
export async function joinNode(
  context: CliContext,
  invitation: string,
  options: NodeJoinOptions,
): Promise<void> {
  const { name } = options;
  const { world, signal, named: folder } = context;
  // Before anything is asked or read: what cannot work should not cost a token.
  if (parseInvitation(invitation) === undefined) {
    throw new Fault(Reason.INVITATION_INVALID, { text: invitation });
  }
  if (folder === undefined) {
    const problem = "say where the node keeps who it is: --data FOLDER";
    throw new Fault(Reason.COMMAND_INVALID, { problem, command: "foedus node join" });
  }
  const known = await hasJoined(folderStore(folder));
  const token = known ? undefined : await readToken(context, options);
  const waiting = tellWaiting(context);
  const joined = await joinHub({ invitation, token, name, folder, world, signal, waiting });
  tell(context, joined, folder);
}

/** Undefined without one. A program that lost its token does not wait for somebody unawares. */
async function readToken(
  context: CliContext,
  { tokenFile: file, token: wanted = true }: NodeJoinOptions,
): Promise<string | undefined> {
  if (!wanted) return undefined;
  const { terminal, print } = context;
  if (file === undefined && !terminal.isAttended)
    print.note("Reading the token from standard input.");
  const question = "Join token (Enter to ask an admin instead): ";
  const token = await readSecret(context, { file, question });
  if (token !== "") return token;
  if (file === undefined && terminal.isAttended) return undefined;
  throw new Fault(Reason.TOKEN_MISSING);
}

function tell({ print }: CliContext, joined: Joined, folder: string): void {
  const { nodeId, name, tenant, spiffeId, already } = joined;
  if (print.output === "json") return print.json({ nodeId, name, tenant, spiffeId, already });
  const what = already ? "This folder had joined before, as " : "Joined as ";
  print.line(what, strong(name), ` (${nodeId}), tenant ${tenant}.`);
  print.line(`${folder} holds its keys: keep it, and keep it to yourself.`);
  print.line();
  print.line("It shows up for others once it runs, for example with a project folder of yours:");
  print.line();
  print.line(`  npx foedus instance run --project . --data ${quoted(folder)}`);
}
