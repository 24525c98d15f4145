/** What a project's manifest says. */
export interface Manifest {
  /** The package it defines; undefined when it names none. */
  readonly name: string | undefined;
  /** Undefined when it has none. */
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly dependencies: readonly Dependency[];
}

/** One dependency, where it is written. */
export interface Dependency {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Whether it is needed for development only. */
  readonly dev: boolean;
}

/** A manifest that could not be read says nothing. */
export const emptyManifest: Manifest = {
  name: undefined,
  version: undefined,
  description: undefined,
  dependencies: [],
};
