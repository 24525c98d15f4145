// connect 2.2's types name this global of the browser, which @types/node 24 does not declare.
type HeadersInit = ConstructorParameters<typeof Headers>[0];
