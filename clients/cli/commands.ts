import type { Command } from "commander";
import type { CliContext } from "./context.ts";

/** One word of the command line, loaded when it is typed. */
export interface Noun {
  readonly name: string;
  readonly chapter: Chapter;
  /** One line for the table of contents. */
  readonly summary: string;
  load(): Promise<{ register(program: Command, context: CliContext): void }>;
}

/** The chapters that have something, in the order of product.md. */
export const chapters = ["Join", "See", "Share", "Work", "Run"] as const;

/** One of them. */
export type Chapter = (typeof chapters)[number];

/** The table of contents. */
export const nouns: readonly Noun[] = [
  {
    name: "token",
    chapter: "Join",
    summary: "let a node in: make, list and cancel join tokens",
    load: () => import("./commands/token.ts"),
  },
  {
    name: "access",
    chapter: "Join",
    summary: "who may join, who waits, who is kept out; quarantine and roles",
    load: () => import("./commands/access.ts"),
  },
  {
    name: "identity",
    chapter: "Join",
    summary: "who holds which key and certificate",
    load: () => import("./commands/identity.ts"),
  },
  {
    name: "tenant",
    chapter: "Join",
    summary: "parties with their own walls: provision, suspend, visit",
    load: () => import("./commands/tenant.ts"),
  },
  {
    name: "person",
    chapter: "Join",
    summary: "sign in: make a link for a browser, see who you are",
    load: () => import("./commands/person.ts"),
  },
  {
    name: "node",
    chapter: "See",
    summary: "join a hub; list, show, watch, revoke and retire nodes",
    load: () => import("./commands/node.ts"),
  },
  {
    name: "link",
    chapter: "Join",
    summary: "what passes between nodes and hub, and how the links stand",
    load: () => import("./commands/link.ts"),
  },
  {
    name: "peer",
    chapter: "Join",
    summary: "hubs with roots of their own: trust them, tell them, take from them",
    load: () => import("./commands/peer.ts"),
  },
  {
    name: "instance",
    chapter: "See",
    summary: "a node for any folder, which tells what the folder holds",
    load: () => import("./commands/instance.ts"),
  },
  {
    name: "learning",
    chapter: "See",
    summary: "how far each node is trusted and why, and what the network agrees on",
    load: () => import("./commands/learning.ts"),
  },
  {
    name: "event",
    chapter: "Share",
    summary: "signed facts: tail and replay the log, prove one event",
    load: () => import("./commands/event.ts"),
  },
  {
    name: "sync",
    chapter: "Share",
    summary: "collections that converge: streams, lag, conflicts, who may",
    load: () => import("./commands/sync.ts"),
  },
  {
    name: "task",
    chapter: "Work",
    summary: "work for nodes: submit, watch, explain why it waits; queues, workers",
    load: () => import("./commands/task.ts"),
  },
  {
    name: "hub",
    chapter: "Run",
    summary: "run a hub; its status and its config",
    load: () => import("./commands/hub.ts"),
  },
  {
    name: "simulate",
    chapter: "Run",
    summary: "a federation in which all goes wrong, from a seed, and what must hold",
    load: () => import("./commands/simulate.ts"),
  },
  {
    name: "doctor",
    chapter: "Run",
    summary: "find what is wrong, and the line that mends it",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "context",
    chapter: "Run",
    summary: "the hubs you talk to, by names of yours",
    load: () => import("./commands/context.ts"),
  },
  {
    name: "completion",
    chapter: "Run",
    summary: "let bash, zsh or fish complete what you type",
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "explain",
    chapter: "Run",
    summary: "what a reason means and what mends it",
    load: () => import("./commands/explain.ts"),
  },
];
