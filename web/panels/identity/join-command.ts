/** The exact command that redeems a token; single quotes keep a shell from reading it. */
export function joinCommand(invitation: string, secret: string, name: string): string {
  const parts = ["npx foedus node join", quoted(invitation), "--token", quoted(secret)];
  if (name !== "") parts.push("--name", quoted(name));
  return parts.join(" ");
}

function quoted(text: string): string {
  return /^[\w./:@-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
