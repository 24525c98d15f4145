/** The fields of a JSON object in a text. @throws Error when it holds none */
export function parseFields(text: string): Readonly<Record<string, unknown>> {
  const json: unknown = JSON.parse(text);
  if (typeof json !== "object" || json === null) throw new Error("it is no JSON object");
  return { ...json };
}
