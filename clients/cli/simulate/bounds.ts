import { InvalidArgumentError } from "commander";

/** Reads a whole number between two bounds for commander. */
export function whole(what: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/u.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`${what} is a whole number from ${least} to ${most}.`);
  };
}
