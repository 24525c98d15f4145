import { fromJson } from "@bufbuild/protobuf";
import { timestampMs, TimestampSchema } from "@bufbuild/protobuf/wkt";

/** Checks and tests, counted. */
export interface Checks {
  readonly ok: number;
  readonly warn: number;
  readonly fail: number;
}

/** Vulnerabilities by severity. */
export interface Findings {
  readonly critical: number;
  readonly high: number;
  readonly moderate: number;
  readonly low: number;
}

/** What a report says: counts, and who counted. Nothing else of its text is kept. */
export interface Reading {
  /** e.g. "SARIF 2.1.0". */
  readonly format: string;
  /** The tool that wrote it; empty when it does not say. */
  readonly tool: string;
  readonly checks?: Checks | undefined;
  readonly findings?: Findings | undefined;
  /** Components that a bill of materials lists. */
  readonly components?: number;
  /** When the tool ran, in milliseconds since 1970; undefined when the report does not say. */
  readonly ranMs: number | undefined;
}

/** Why a report cannot be read, in words that hold nothing of it. */
export class ReportError extends Error {}

/** Nothing found. */
export const noFindings: Findings = { critical: 0, high: 0, moderate: 0, low: 0 };

/** Nothing checked. */
export const noChecks: Checks = { ok: 0, warn: 0, fail: 0 };

/** Both together. */
export function addFindings(one: Findings, other: Findings): Findings {
  return {
    critical: one.critical + other.critical,
    high: one.high + other.high,
    moderate: one.moderate + other.moderate,
    low: one.low + other.low,
  };
}

/** Both together. */
export function addChecks(one: Checks, other: Checks): Checks {
  return {
    ok: one.ok + other.ok,
    warn: one.warn + other.warn,
    fail: one.fail + other.fail,
  };
}

/** The severity of a CVSS score, by the bands of CVSS 3; undefined for 0 or what is no score. */
export function severityOfScore(score: number): keyof Findings | undefined {
  if (!(score > 0 && score <= 10)) return undefined;
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  return score >= 4 ? "moderate" : "low";
}

/** An instant that names its zone; undefined for anything else, which nobody can place. */
export function instantOf(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  try {
    return timestampMs(fromJson(TimestampSchema, value));
  } catch {
    return undefined;
  }
}

/** The latest of some instants. */
export function latestOf(instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
