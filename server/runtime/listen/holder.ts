import { readFileSync, readdirSync, readlinkSync } from "node:fs";

const listening = "0A";

/** Who listens on a TCP port, in words; on Linux process and command, elsewhere we cannot tell. */
export function holderOf(port: number): string {
  const inodes = new Set(["tcp", "tcp6"].flatMap((table) => listeners(table, port)));
  const pid = inodes.size === 0 ? undefined : ownerOf(inodes);
  if (pid === undefined) return "another program";
  const command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
  return `process ${pid} (${command || "unknown"})`;
}

/** The inodes of sockets that listen there: columns 2, 4 and 10 of /proc/net/tcp. */
function listeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return read(`/proc/net/${table}`)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === listening)
    .flatMap((columns) => columns[9] ?? []);
}

function ownerOf(inodes: ReadonlySet<string>): string | undefined {
  return list("/proc").find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    return list(`/proc/${pid}/fd`).some((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode !== undefined && inodes.has(inode);
    });
  });
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
