// `node tests/support/web-certificate.ts FOLDER`: web.pem and web.key for localhost, and ca.pem.
// A program of its own, because the journeys are typed for the browser and keys for Node.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeAuthority } from "./authority.ts";

const [folder = "."] = process.argv.slice(2);
const authority = await makeAuthority();
const { key, chain } = await authority.issue({ hosts: ["localhost"] });
writeFileSync(join(folder, "web.pem"), chain);
writeFileSync(join(folder, "web.key"), key, { mode: 0o600 });
writeFileSync(join(folder, "ca.pem"), authority.root);
