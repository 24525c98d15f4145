// What the machine itself can do, and how long a hub takes to come up on it.
import {
  chmodSync,
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHubProcess } from "../support/hub.process.ts";
import type { Bench } from "./context.ts";
import { once, repeat } from "./drive.ts";

/** The floor under everything that is durable. */
export const fsync: Bench = {
  title: "The disk",
  what: "one block written and fdatasync called, one after the other, in the data folder",
  target: "",
  async run(context) {
    const path = join(context.federation.folder, "fsync");
    const file = openSync(path, "w");
    const block = Buffer.alloc(8_192, 7);
    const act = () => {
      writeSync(file, block, 0, block.length, 0);
      fdatasyncSync(file);
      return Promise.resolve();
    };
    const turn = () => repeat(act, { lines: 1, ms: context.turnMs, pids: [] });
    try {
      return await context.measure([{ name: "fdatasync", turn }]);
    } finally {
      closeSync(file);
    }
  },
};

/** From the start of the process to the ready line, PostgreSQL included. */
export const restart: Bench = {
  title: "B17: restart of a hub",
  what: "starts a second of a hub with its bundled PostgreSQL, from the start of the process to ready",
  target: "less than 2 s, that is more than 0.5 starts a second",
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), "foedus-bench-restart-"));
    chmodSync(folder, 0o711);
    const turn = async () => {
      let stop = () => Promise.resolve<number | null>(null);
      const done = await once(async () => {
        ({ stop } = await startHubProcess({ data: join(folder, "data") }));
        return 1;
      }, []);
      await stop();
      return done;
    };
    try {
      return await context.measure([{ name: "hub, ready again", turn }]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
