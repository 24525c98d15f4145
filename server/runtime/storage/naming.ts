import pg from "pg";

const named = /^\/\*([a-z]+\.[a-z]+)\*\//;

/** What a driver's `query` takes, as kysely and pg-pool call it. */
type Ask = (...asked: unknown[]) => unknown;

/**
 * A connection that prepares a statement once if its text begins with a comment that names it, such
 * as sync.save: on hot paths PostgreSQL would parse and plan it each time for longer than it runs.
 * One name stands for one text.
 */
export class NamingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as Ask;
    const naming: Ask = (text, values, ...rest) => {
      const name = typeof text === "string" ? named.exec(text)?.[1] : undefined;
      if (name === undefined) return ask(text, values, ...rest);
      return ask({ name, text, values: values as unknown[] }, ...rest);
    };
    this.query = naming as typeof this.query;
  }
}
