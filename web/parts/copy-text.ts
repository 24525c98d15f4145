/** The clipboard needs https or loopback; elsewhere it refuses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard === undefined) throw new Error("no clipboard");
  await navigator.clipboard.writeText(text);
}
