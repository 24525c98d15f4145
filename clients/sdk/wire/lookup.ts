import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";

/** Looks up a name, and leaves out the addresses that may not be dialled. */
export function lookupOf(allows: (ip: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const fair = found.filter(({ address }) => allows(address));
      const [first] = fair;
      if (first === undefined) return done(new Error(`${name} leads where it may not`), []);
      if (options.all === true) return done(null, fair);
      return done(null, first.address, first.family);
    });
  };
}
