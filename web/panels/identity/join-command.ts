import { shellWord } from "../../parts/shell-word.ts";

/**
 * The command that joins, as the command line itself prints it. It asks for the token, so that no
 * secret stands in a shell's history.
 */
export function joinCommand(invitation: string, name: string): string {
  const folder = `./${name === "" ? "my-node" : name}`;
  return ["npx foedus node join", shellWord(invitation), "--data", shellWord(folder)].join(" ");
}
