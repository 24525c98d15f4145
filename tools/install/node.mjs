/** The Node that npm brings along, and the platforms it exists for. */
const bundledVersion = "v24.18.1";
const bundledFor = ["linux-x64", "linux-arm64", "win32-x64"];

/** Older npm hosts leave out optional packages that this repository needs. */
const installerMinor = 19;

function parts(version) {
  return version.replace(/^v/, "").split(".").map(Number);
}

/** Says why this Node cannot run the installation, if it cannot. */
export function ownNodeProblem() {
  const [major, minor] = parts(process.version);
  if (major > 20 || (major === 20 && minor >= installerMinor)) return undefined;
  return `Node ${process.version} is too old: take Node 20.${installerMinor} or newer.`;
}

/** Says why scripts must not run on this Node, if so. */
export function nodeProblem(version) {
  if (version === bundledVersion) return undefined;
  const platform = `${process.platform}-${process.arch}`;
  const name = `node-${platform.replace("win32", "win")}`;
  if (bundledFor.includes(platform)) {
    return (
      `node_modules/.bin/node is not Node ${bundledVersion} but: ${version}. ` +
      `The optional package ${name} is missing or cannot run here ` +
      `(musl, for one, is not supported). Remove node_modules, then run the command again.`
    );
  }
  const [major, minor] = parts(version);
  const newEnough = major > 22 || (major === 22 && minor >= 18);
  const oldEnough = major < 24 || (major === 24 && minor < 20);
  if (newEnough && oldEnough) return undefined;
  return (
    `There is no Node package for ${platform}, so your own Node runs Foedus, and ${version} ` +
    "cannot: it must be >=22.18 and <24.20 (24.20 breaks HTTP/2 streams). Install Node 24.18.1."
  );
}
