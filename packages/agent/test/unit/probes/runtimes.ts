import { fileURLToPath } from 'node:url';

const ARCH = process.arch === 'arm64' ? 'aarch64' : process.arch;
const BUN = new URL(`../../../../../node_modules/@oven/bun-linux-${ARCH}/bin/bun`, import.meta.url);

/** What checks run under: Node, and Bun, which the executable is made of. Their sockets report errors differently. */
export const RUNTIMES: readonly { readonly name: string; readonly runtime: string }[] = [
  { name: 'Node', runtime: process.execPath },
  { name: 'Bun', runtime: fileURLToPath(BUN) },
];
