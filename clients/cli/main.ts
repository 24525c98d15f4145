#!/usr/bin/env node
import { realWorld } from "@foedus/kernel/world.real.ts";
import { exitCodes } from "./exit.ts";
import { runCli } from "./program.ts";

// Whoever read our output has seen enough, e.g. `foedus event tail | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed);
});

const code = await runCli(process.argv.slice(2), realWorld, process.env);
process.exitCode = code;
