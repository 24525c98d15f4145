import { quoted } from "../shell.ts";

/** What a join command is made of. */
export interface JoinCommandParts {
  readonly invitation: string;
  /** The token's name; empty when it has none. */
  readonly name: string;
  /** Where the token lies; undefined when it is to be pasted. */
  readonly file: string | undefined;
}

/** The exact command that redeems a token; the token itself never stands in it. */
export function joinCommand({ invitation, name, file }: JoinCommandParts): string {
  const token = file === undefined ? [] : ["--token-file", quoted(file)];
  const folder = `./${name === "" ? "my-node" : name}`;
  return ["npx foedus node join", quoted(invitation), ...token, "--data", quoted(folder)].join(" ");
}
