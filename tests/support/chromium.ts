import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A browser as `chromium.launch` of playwright-core takes it; `env` is its whole environment. */
export type Chromium = { executablePath: string; args: string[]; env: Record<string, string> };

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPath = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** Nothing of the browser's own calls home or waits for a first-run page. */
const args = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const archives = ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"];
const unpacking = `
  import { inflate } from "@sparticuz/chromium";
  await Promise.all(process.argv.slice(1).map((file) => inflate(file)));
`;

/** Finds a browser: $FOEDUS_CHROMIUM, else the system's, else the one that npm brought along. */
export async function findChromium(): Promise<Chromium | { missing: string }> {
  const chosen = process.env.FOEDUS_CHROMIUM;
  if (chosen && !existsSync(chosen)) {
    return { missing: `FOEDUS_CHROMIUM names ${chosen}, and there is nothing` };
  }
  const system = chosen ?? findSystem();
  if (system) return { executablePath: system, args, env: environment() };
  return findPackaged();
}

/** A name on the PATH may be a stub that only says what to install: it must tell its version. */
function findSystem(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const named = systemNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  const present = [...named, macPath].filter((path) => existsSync(path));
  return present.find((path) => spawnSync(path, ["--version"]).status === 0);
}

/** The browser of the npm package, unpacked, with the libraries a bare system may lack. */
export function findPackaged(): Chromium | { missing: string } {
  const advice = "`apt-get install chromium`, or set FOEDUS_CHROMIUM to a browser";
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `npm has no browser for ${process.platform}-${process.arch}; ${advice}` };
  }
  const folder = unpack();
  if (folder === undefined) return { missing: `@sparticuz/chromium does not unpack; ${advice}` };
  const executablePath = join(folder, "chromium");
  const needed = spawnSync("ldd", [executablePath], { encoding: "utf8" });
  const extra: Record<string, string> =
    /not found/.test(needed.stdout) || needed.status !== 0
      ? { LD_LIBRARY_PATH: librariesIn(folder) }
      : {};
  const hasFonts = existsSync("/etc/fonts/fonts.conf");
  const fonts: Record<string, string> = hasFonts ? {} : { FONTCONFIG_PATH: join(folder, "fonts") };
  return { executablePath, args, env: { ...environment(), ...extra, ...fonts } };
}

function librariesIn(folder: string): string {
  return [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
}

/** Once per version, into a folder of our own: the package trusts whatever lies in a shared one. */
function unpack(): string | undefined {
  const source = dirname(dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))));
  const manifest = readFileSync(join(source, "package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const cache = join(dirname(dirname(source)), ".cache");
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  const files = archives.map((name) => join(source, "bin", name));
  const flags = ["--input-type=module", "--eval", unpacking, "--", ...files];
  const env = { ...process.env, TMPDIR: aside };
  const done = spawnSync(process.execPath, flags, { cwd: source, env, stdio: "inherit" });
  if (done.status === 0) {
    writeFileSync(join(aside, "fonts", "fonts.conf"), fontsConf(folder));
    renameUnlessThere(aside, folder);
  }
  rmSync(aside, { recursive: true, force: true });
  return done.status === 0 ? folder : undefined;
}

/** The package's own file names folders of the cloud it was made for. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`;
}

function renameUnlessThere(aside: string, folder: string): void {
  try {
    renameSync(aside, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function environment(): Record<string, string> {
  const known = Object.entries(process.env).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(known) as Record<string, string>;
}
