/** The members of a JSON object; throws when the text is none. */
export function readObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Error("it is no JSON object");
  return { ...value };
}
