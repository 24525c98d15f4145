import type { Command } from "commander";
import { gather } from "../options.ts";
import { gatherPair, readBudget, readNumber, readPriority, readSpan } from "./read.ts";

/** Adds the options that say what a task is to be done with. */
export function payloaded(command: Command): Command {
  return command
    .option("--json <json>", "its payload, as JSON")
    .option("--text <text>", "its payload, as text")
    .option("--file <file>", "its payload: the bytes of a file, or of - (standard input)")
    .option("--type <type>", "the payload's media type, e.g. image/png (default: by what it is)");
}

/** Adds the options that say how a task is to be done. */
export function termed(command: Command): Command {
  return command
    .option("--priority <number>", "1 to 10, 10 is the most urgent (default: 5)", readPriority)
    .option("--key <key>", "its fairness key: keys share the queue, whoever has more waiting")
    .option("--need <word>", "a worker that offers this, e.g. ocr; many times", gather)
    .option("--need-label <name=value>", "a worker or node that says so; many times", gatherPair)
    .option("--node <node>", "this node and no other, by name or id")
    .option("--model <model>", "a worker that can run this model")
    .option("--timeout <time>", "how long an attempt may take (default: 1h)", readSpan)
    .option("--start-within <time>", "from ready to its start, at most", readSpan)
    .option("--within <time>", "from submitting to its end, over all attempts", readSpan)
    .option("--heartbeat <time>", "the longest silence of its worker (default: 30s)", readSpan)
    .option("--attempts <count>", "in all; 1 for no retry (default: 5)", readNumber)
    .option("--retry-in <time>", "before the second attempt (default: 1s), then longer", readSpan)
    .option("--retry-max <time>", "the longest wait between attempts (default: 5m)", readSpan)
    .option("--final-on <reason>", "failures that are not tried again; many times", gather)
    .option("--label <name=value>", "a word to find it by; many times", gatherPair)
    .option("--budget <unit=limit>", "what it may cost, e.g. token=20000", readBudget);
}
