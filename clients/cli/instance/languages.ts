import { posix } from "node:path";

const byExtension: Readonly<Record<string, string>> = {
  ts: "TypeScript",
  tsx: "TypeScript",
  mts: "TypeScript",
  cts: "TypeScript",
  js: "JavaScript",
  jsx: "JavaScript",
  mjs: "JavaScript",
  cjs: "JavaScript",
  py: "Python",
  go: "Go",
  rs: "Rust",
  java: "Java",
  kt: "Kotlin",
  kts: "Kotlin",
  scala: "Scala",
  rb: "Ruby",
  php: "PHP",
  cs: "C#",
  c: "C",
  h: "C",
  cc: "C++",
  cpp: "C++",
  hpp: "C++",
  swift: "Swift",
  sh: "Shell",
  bash: "Shell",
  sql: "SQL",
  proto: "Protocol Buffers",
  css: "CSS",
  scss: "CSS",
  html: "HTML",
  vue: "Vue",
  svelte: "Svelte",
  md: "Markdown",
  json: "JSON",
  jsonc: "JSON",
  yaml: "YAML",
  yml: "YAML",
  toml: "TOML",
  xml: "XML",
  svg: "SVG",
  txt: "Text",
};

const byName: Readonly<Record<string, string>> = {
  dockerfile: "Dockerfile",
  makefile: "Makefile",
};

/** What a file is written in, by its name. */
export function languageOf(path: string): string {
  const name = posix.basename(path).toLowerCase();
  const extension = posix.extname(name).slice(1);
  return byName[name] ?? byExtension[extension] ?? "Other";
}
