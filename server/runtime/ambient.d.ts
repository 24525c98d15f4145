// connect 2.2's types name this global of the browser, which @types/node 24 does not declare.
type HeadersInit = ConstructorParameters<typeof Headers>[0];

// @peculiar/x509 names these of the DOM library, which Node's types keep under `webcrypto`.
type Algorithm = import("node:crypto").webcrypto.Algorithm;
type Crypto = import("node:crypto").webcrypto.Crypto;
type CryptoKey = import("node:crypto").webcrypto.CryptoKey;
type CryptoKeyPair = import("node:crypto").webcrypto.CryptoKeyPair;
type EcdsaParams = import("node:crypto").webcrypto.EcdsaParams;
