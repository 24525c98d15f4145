import { join, resolve } from "node:path";
import { writeSecretFile } from "../../runtime/secret.file.ts";

/** Where the command line on the hub's machine finds its session, inside the data folder. */
export const localSessionFile = "cli.json";

/** Writes where the hub's page is and the secret of a session, for this user only. */
export function keepLocalSession(folder: string, web: string, session: string): void {
  const file = join(resolve(folder), localSessionFile);
  writeSecretFile(file, `${JSON.stringify({ web, session })}\n`);
}
