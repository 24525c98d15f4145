const systems = {
  android: "android",
  darwin: "darwin",
  freebsd: "freebsd",
  linux: "linux",
  netbsd: "netbsd",
  openbsd: "openbsd",
  openharmony: "openharmony",
  sunos: "sunos",
  aix: "aix",
  win32: "win32",
  windows: "win32",
  win: "win32",
};

const chips = {
  x64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
  arm: "arm",
  armv7: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  loong64: "loong64",
  wasm32: "wasm32",
};

const libraries = { gnu: "glibc", musl: "musl", gnueabihf: "glibc", musleabihf: "musl" };

/** Reads the platform from a package's name, as in `@oxlint/binding-linux-x64-musl`. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const pick = (table) =>
    words
      .map((word) => table[word])
      .filter(Boolean)
      .slice(0, 1);
  const found = { cpu: pick(chips), libc: pick(libraries), os: pick(systems) };
  return Object.fromEntries(Object.entries(found).filter(([, values]) => values.length > 0));
}

function exactVersion(range) {
  return range
    .replace(/^npm:.*@/, "")
    .replace(/^[~^>=\s]+/, "")
    .split(" ")[0];
}

/** Where Node would look for `name` from the package at `path`: beside it, then further up. */
function placesFrom(path, name) {
  const levels = path.split(/(?:^|\/)node_modules\//);
  const above = levels.map((_, depth) => levels.slice(0, depth + 1).join("/node_modules/"));
  return [...above.toReversed(), ""].map((at) => `${at}/node_modules/${name}`.replace(/^\//, ""));
}

function sorted(packages) {
  const byName = ([one], [other]) => one.localeCompare(other, "en");
  return Object.fromEntries(Object.entries(packages).toSorted(byName));
}

/** Adds an entry for every optional package that npm left out, or left without a version. */
export function complete(lock) {
  const packages = { ...lock.packages };
  const added = [];
  for (const [path, parent] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const places = placesFrom(path, name);
      if (places.some((place) => packages[place]?.version)) continue;
      const dev = parent.dev || parent.devOptional ? { dev: true } : {};
      const top = `node_modules/${name}`;
      packages[top] = { version: exactVersion(range), ...platformOf(name), ...dev, optional: true };
      added.push(name);
    }
  }
  return { lock: { ...lock, packages: sorted(packages) }, added };
}

/** Takes the added entries out again, so that a fuller registry can give the real ones. */
export function withoutCompletions(lock) {
  const kept = Object.entries(lock.packages).filter(([path, entry]) => {
    return !path.includes("node_modules/") || entry.link || entry.integrity;
  });
  return { ...lock, packages: Object.fromEntries(kept) };
}
