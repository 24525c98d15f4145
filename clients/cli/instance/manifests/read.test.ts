import { expect, test } from "vitest";
import { readGo } from "./go.ts";
import { readNpm } from "./npm.ts";
import { readCargo, readPython } from "./toml.ts";

test("pyproject.toml: names, lists over lines, and Poetry's tables", () => {
  const found = readPython(`[project]
name = "robot"
version = "0.3.1"
description = "It walks"
dependencies = [
  "httpx[http2]>=0.27",
  "numpy",
]

[tool.poetry.group.dev.dependencies]
pytest = "^8"
`);
  expect(found).toEqual({
    name: "robot",
    version: "0.3.1",
    description: "It walks",
    dependencies: [
      { name: "httpx", line: 6, dev: false },
      { name: "numpy", line: 7, dev: false },
      { name: "pytest", line: 11, dev: true },
    ],
  });
});

test("Cargo.toml: tables of dependencies, and renamed packages", () => {
  const found = readCargo(`[package]
name = "engine"
version = "2.0.0" # now

[dependencies]
serde = { version = "1", features = ["derive"] }
rt = { package = "tokio", version = "1" }

[dev-dependencies]
criterion = "0.5"

[target.'cfg(unix)'.dependencies]
nix = "0.29"
`);
  expect(found).toMatchObject({ name: "engine", version: "2.0.0", description: undefined });
  expect(found.dependencies).toEqual([
    { name: "serde", line: 6, dev: false },
    { name: "tokio", line: 7, dev: false },
    { name: "criterion", line: 10, dev: true },
    { name: "nix", line: 13, dev: false },
  ]);
});

test("go.mod: what is required directly", () => {
  const found = readGo(`module example.org/ship

go 1.24

require example.org/hull v1.2.0
require (
	example.org/mast v0.1.0
	example.org/knot v0.2.0 // indirect
)
`);
  expect(found.name).toBe("example.org/ship");
  expect(found.dependencies).toEqual([
    { name: "example.org/hull", line: 5, dev: false },
    { name: "example.org/mast", line: 7, dev: false },
  ]);
});

test("package.json: a dependency that is both counts as needed to run", () => {
  const found = readNpm('{\n"devDependencies": {"a": "1"},\n"dependencies": {"a": "1"}\n}');
  expect(found.dependencies).toEqual([{ name: "a", line: 3, dev: false }]);
});

test("what cannot be read says nothing", () => {
  expect(readNpm("not json")).toMatchObject({ name: undefined, dependencies: [] });
  expect(readNpm('{"name": 5, "dependencies": "x"}')).toMatchObject({ name: undefined });
});
