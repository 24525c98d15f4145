type Entry = {
  version?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};

/** A package-lock.json, as far as it is read here. */
export type Lock = { lockfileVersion: number; packages: Record<string, Entry> };

/** Adds an entry for every optional package that npm left out, or left without a version. */
export function complete(lock: Lock): { lock: Lock; added: string[] };

/** Takes the added entries out again, so that a fuller registry can give the real ones. */
export function withoutCompletions(lock: Lock): Lock;
