import type { Answer } from "./adapter.ts";

/** What stands on every answer that is not a call's. */
export const plainHeaders = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-type": "text/plain; charset=utf-8",
};

/** Answers what nobody serves. */
export const notFound: Answer = (_request, response) => answerText(response, 404, "not found\n");

/** A short answer in plain text. */
export function answerText(response: Parameters<Answer>[1], status: number, text: string): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(plainHeaders)) response.setHeader(name, value);
  response.end(text);
}
