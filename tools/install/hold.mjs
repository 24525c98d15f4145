import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync } from "node:fs";
import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const pollMs = 200;

function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return "0";
  }
}

/** A holder's file is named after a process that no later one can be taken for. */
function nameOf(pid) {
  return `${pid}-${startTimeOf(pid)}`;
}

function isAlive(name) {
  const pid = Number(name.split("-")[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  return nameOf(pid) === name;
}

/** A folder takes another's place only while that one is empty: one of many takers gets it. */
function take(folder, mine) {
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  writeFileSync(join(aside, mine), "");
  try {
    renameSync(aside, folder);
    return true;
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false;
    throw error;
  }
}

function quietly(act, ...args) {
  try {
    act(...args);
  } catch (error) {
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(error.code)) throw error;
  }
}

function holdersOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Waits until this process alone holds `folder`; a dead holder is cleared away by its name. */
export async function hold(folder, tell) {
  const mine = nameOf(process.pid);
  let told = false;
  while (!take(folder, mine)) {
    for (const name of holdersOf(folder)) {
      const alive = isAlive(name);
      if (!alive) quietly(unlinkSync, join(folder, name));
      if (told || !alive) continue;
      tell(`foedus: process ${name.split("-")[0]} is installing here already; waiting for it.\n`);
      told = true;
    }
    quietly(rmdirSync, folder);
    await pause(told ? pollMs : 0);
  }
  const names = [mine];
  return {
    /** While a child of ours lives, the folder stays held, even if we are killed. */
    share(pid) {
      names.push(nameOf(pid));
      writeFileSync(join(folder, nameOf(pid)), "");
    },
    release() {
      for (const name of names) quietly(unlinkSync, join(folder, name));
      quietly(rmdirSync, folder);
    },
  };
}
