/** `version`: what to write into a report. `--version` is ipvsadm's, and needs IPVS. */
import { createRequire } from 'node:module';
import { release } from 'node:os';
import type { Subcommand } from './framework/subcommand.js';

/** The record of `version`. */
export const VERSION: Subcommand = {
  name: 'version',
  operands: [],
  summary: 'print the versions of ipvs-ts, Node or Bun, and the kernel',
  description: [
    'For bug reports. It needs no IPVS. --version is the one of ipvsadm, and prints the version of IPVS.',
  ],
  options: {},
  statuses: { 0: 'always' },
  failure: 1,
  async run(_, io) {
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    const { versions, platform, arch } = process;
    const runtime = versions['bun'] === undefined ? `Node v${versions.node}` : `Bun ${versions['bun']}`;
    await io.stdout.write(`ipvs-ts ${version}\n${runtime} (${platform} ${arch})\nkernel ${release()}\n`);
    return 0;
  },
};
