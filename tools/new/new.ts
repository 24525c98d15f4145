// `npm run new <capability> [-- --chapter Share]`: a whole column, small and working, to grow from.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chapters, entriesFor } from "./entries.ts";
import { nounOf, retold, type Noun } from "./words.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const templates = fileURLToPath(new URL("template/", import.meta.url));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { chapter: { type: "string", default: "Share" } },
});
try {
  make(nounOf(positionals[0] ?? ""), values.chapter);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function make(noun: Noun, chapter: string): void {
  if (!chapters.includes(chapter)) throw new Error(`--chapter is one of ${chapters.join(", ")}`);
  const files = filesOf(noun);
  const there = [...files.keys()].find((path) => existsSync(join(root, path)));
  if (there !== undefined) throw new Error(`${there} is there already`);
  const entries = [...entriesFor(noun, chapter)].map(([path, edit]) => {
    return [path, edit(readFileSync(join(root, path), "utf8"))] as const;
  });
  for (const [path, text] of [...files, ...entries]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const written = [...files.keys(), ...entries.map(([path]) => path)];
  run("oxfmt", ...written.filter((path) => /\.tsx?$/.test(path)));
  run("buf", "format", "--write", "--path", `proto/foedus/${noun.one}`);
  run(process.execPath, "tools/gen/gen.ts");
  console.log([...written, ...nextSteps(noun)].join("\n"));
}

/** Each file of the column, where it belongs. */
function filesOf(noun: Noun): ReadonlyMap<string, string> {
  const { one } = noun;
  const folders: Readonly<Record<string, string>> = {
    proto: `proto/foedus/${one}/v1`,
    server: `server/capabilities/${one}`,
    clients: "clients/cli/commands",
    web: `web/panels/${one}`,
  };
  const files = new Map<string, string>();
  for (const [from, to] of Object.entries(folders)) {
    for (const name of readdirSync(join(templates, from))) {
      const text = readFileSync(join(templates, from, name), "utf8");
      files.set(`${to}/${retold(name.replace(".tmpl", ""), noun)}`, retold(text, noun));
    }
  }
  const migration = readFileSync(join(templates, "migration.sql.tmpl"), "utf8");
  files.set(`migrations/${nextNumber()}_${one}.sql`, retold(migration, noun));
  return files;
}

function nextNumber(): string {
  const numbers = readdirSync(join(root, "migrations")).map((name) => Number.parseInt(name, 10));
  return String(Math.max(0, ...numbers.filter((number) => !Number.isNaN(number))) + 1).padStart(
    4,
    "0",
  );
}

function nextSteps({ one }: Noun): string[] {
  return [
    "",
    `${one} works as it stands. Next:`,
    `  say in proto/foedus/${one}/v1/${one}.proto what it really is, then \`npm run gen\``,
    `  say in server/capabilities/${one}/${one}.ts what may happen to it`,
    "  add a line to CHANGELOG.md, then `npm run check` and `npm test`",
  ];
}

function run(program: string, ...args: string[]): void {
  const path = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  const env = { ...process.env, PATH: path };
  execFileSync(program, args, { cwd: root, env, stdio: ["ignore", "ignore", "inherit"] });
}
