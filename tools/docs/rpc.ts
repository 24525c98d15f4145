import type { DescEnum, DescFile, DescMessage } from "@bufbuild/protobuf";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { getOption } from "@bufbuild/protobuf";
import { family, policy } from "@foedus/gen/foedus/options/v1/options_pb.js";
import {
  AudienceSchema,
  EffectSchema,
  RoleSchema,
} from "@foedus/gen/foedus/options/v1/options_pb.js";
import { serves } from "../../server/runtime/listen/adapter.ts";
import { fieldsTable, onThisPage, type LinkTo } from "./fields.ts";
import { anchor, code, page, plain, table, type Page } from "./markdown.ts";
import { commentOf, enumsOf, messagesOf } from "./schema.ts";

const doors = ["node", "join", "web"] as const;

/** What is never on a wire of its own: options, the config, and what only events carry. */
const elsewhere = /^foedus\.(options|config|fault|audit)\.|^foedus\.hub\.v1\.Backup/;

/** Every service and method: who may call it, and what goes in and comes out. */
export function rpcPage(files: readonly DescFile[]): Page {
  const services = files.flatMap((file) => file.services);
  const methods = services.flatMap((service) => service.methods);
  const own = new Set(methods.flatMap(({ input, output }) => [input, output]).map(typeNameOf));
  const messages = messagesOf(files).filter((each) => isShared(each, own));
  const enums = enumsOf(files)
    .filter((each) => !elsewhere.test(each.typeName))
    .concat(roleEnum(files));
  const linkTo = onThisPage([...messages, ...enums].map(typeNameOf));
  const summary = "every service and method: who may call it, and what goes in and comes out";
  return page("rpc.md", "Services and methods", summary, [
    `Every method is a POST to \`/<service>/<method>\`, over Connect, gRPC or gRPC-Web, on the listeners
named. Where a stranger may call a method (\`joiner\`, \`visitor\`), everybody may. Rules are checked before
a handler runs: \`INVALID_REQUEST\` names the field. What each effect means stands in
[options.proto](../../proto/foedus/options/v1/options.proto); rates are fields of the
[config](config.md).`,
    table(
      ["method", "listeners", "audience", "least role", "effect", "rate"],
      methods.map(policyRow),
    ),
    ...services.flatMap((service) => serviceParts(service, linkTo)),
    "## Messages",
    ...messages.flatMap((message) => messageParts(message, linkTo)),
    "## Enums",
    ...enums.flatMap(enumParts),
  ]);
}

function isShared(message: DescMessage, own: ReadonlySet<string>): boolean {
  const told = getOption(message, family).type !== "" || message.file.name.includes("_event.proto");
  return !own.has(message.typeName) && !told && !elsewhere.test(message.typeName);
}

/** The only enum of the options that requests and answers hold. */
function roleEnum(files: readonly DescFile[]): DescEnum[] {
  return enumsOf(files).filter((each) => each.typeName === RoleSchema.typeName);
}

function typeNameOf({ typeName }: { readonly typeName: string }): string {
  return typeName;
}

function headingOf(method: DescMethod): string {
  return `${method.parent.name}/${method.name}`;
}

function policyRow(method: DescMethod): string[] {
  const found = getOption(method, policy);
  const { audience, leastRole, effect, rateClass } = found;
  const audiences = audience.map((each) => AudienceSchema.value[each]?.localName.toLowerCase());
  const role = RoleSchema.value[leastRole]?.localName.toLowerCase() ?? "";
  return [
    `[${headingOf(method)}](#${anchor(headingOf(method))})`,
    doors.filter((door) => serves(door, found)).join(", "),
    audiences.join(", "),
    role === "unspecified" ? "none" : role,
    EffectSchema.value[effect]?.localName ?? "",
    code(rateClass),
  ];
}

function serviceParts(service: DescService, linkTo: LinkTo): string[] {
  return [
    `## ${service.name}`,
    `${code(service.typeName)}: ${plain(commentOf(service))}`,
    ...service.methods.flatMap((method) => methodParts(method, linkTo)),
  ];
}

function methodParts(method: DescMethod, linkTo: LinkTo): string[] {
  const [asks, answers] = streams[method.methodKind];
  return [
    `### ${headingOf(method)}`,
    plain(commentOf(method)),
    `**${asks}** ${code(method.input.name)}`,
    fieldsTable(method.input, linkTo),
    `**${answers}** ${code(method.output.name)}`,
    fieldsTable(method.output, linkTo),
  ];
}

const streams: Record<DescMethod["methodKind"], readonly [asks: string, answers: string]> = {
  unary: ["Request", "Response"],
  server_streaming: ["Request", "Stream of"],
  client_streaming: ["Takes a stream of", "Response"],
  bidi_streaming: ["Takes a stream of", "Stream of"],
};

function messageParts(message: DescMessage, linkTo: LinkTo): string[] {
  return [`### ${message.typeName}`, plain(commentOf(message)), fieldsTable(message, linkTo)];
}

function enumParts(desc: DescEnum): string[] {
  const rows = desc.values.map((value) => [
    code(value.name),
    String(value.number),
    plain(commentOf(value)),
  ]);
  const head = ["value", "number", "meaning"];
  return [`### ${desc.typeName}`, plain(commentOf(desc)), table(head, rows)];
}
