import type { IncomingHttpHeaders } from "node:http2";

/**
 * The headers of a request or an answer, for reading one or two of them: the object that can do
 * more is made for whoever asks for more.
 */
export class LazyHeaders implements Headers {
  readonly lines: IncomingHttpHeaders;
  #all: Headers | undefined;

  constructor(lines: IncomingHttpHeaders) {
    this.lines = lines;
  }

  /** All of them, if anything but reading was asked for; else they are what they were. */
  get touched(): Headers | undefined {
    return this.#all;
  }

  get(name: string): string | null {
    if (this.#all !== undefined) return this.#all.get(name);
    const value = this.lines[name] ?? this.lines[name.toLowerCase()];
    if (typeof value === "string" && !blankEnds.test(value)) return value;
    return value === undefined ? null : this.#full().get(name);
  }

  has(name: string): boolean {
    if (this.#all !== undefined) return this.#all.has(name);
    return this.lines[name] !== undefined || this.lines[name.toLowerCase()] !== undefined;
  }

  append(name: string, value: string): void {
    this.#full().append(name, value);
  }

  set(name: string, value: string): void {
    this.#full().set(name, value);
  }

  delete(name: string): void {
    this.#full().delete(name);
  }

  getSetCookie(): string[] {
    return this.#full().getSetCookie();
  }

  forEach(act: (value: string, name: string, all: Headers) => void, self?: unknown): void {
    this.#full().forEach(act, self);
  }

  entries(): ReturnType<Headers["entries"]> {
    return this.#full().entries();
  }

  keys(): ReturnType<Headers["keys"]> {
    return this.#full().keys();
  }

  values(): ReturnType<Headers["values"]> {
    return this.#full().values();
  }

  [Symbol.iterator](): ReturnType<Headers["entries"]> {
    return this.entries();
  }

  #full(): Headers {
    if (this.#all !== undefined) return this.#all;
    const all = new Headers();
    for (const [name, value] of Object.entries(this.lines)) {
      if (name.startsWith(":") || value === undefined) continue;
      for (const each of Array.isArray(value) ? value : [value]) all.append(name, each);
    }
    this.#all = all;
    return all;
  }
}

/** Headers leave out what is blank at either end. */
const blankEnds = /^[\t ]|[\t ]$/;

/** Headers as Node takes them: cookies are the one that stands in many lines. */
export function plain(headers: Headers): Record<string, string | string[]> {
  const cookies = headers.getSetCookie();
  const lines = Object.fromEntries(headers);
  return cookies.length > 1 ? { ...lines, "set-cookie": cookies } : lines;
}
