/** A suite and the command line that runs it; its output tells how many passed. */
export interface Suite {
  readonly name: string;
  readonly command: readonly string[];
}

/** Where suites run. */
export interface Place {
  /** Key in the results. */
  readonly name: string;
  /** Major version of Node; the one that runs this if absent. */
  readonly node?: number;
  readonly suites: readonly Suite[];
}

/** Titles of the suites in the tables. */
export const SUITES = {
  unit: 'unit tests',
  kernel: 'the library on a real kernel',
  conformance: 'kernel and test double agree',
  ipvsadm: '`ipvs-ts` and `ipvsadm` agree',
} as const;

/** How many random command lines are compared on a kernel. */
const SAMPLE = '500';
const MOCHA = ['node_modules/.bin/mocha', '--no-config', '--reporter', 'dot', '--timeout', '120000'];
const KERNEL_TESTS = ['verbs', 'batch', 'reading', 'apply', 'faults'].map(
  (name) => `packages/ipvs/dist-test/kernel/${name}.test.js`,
);
const CONFORMANCE_TESTS = 'packages/ipvs/dist-test/conformance/*-kernel.test.js';

const inVm = (engine: string, kernel: string, ...command: readonly string[]): string[] => [
  'test-vm/run',
  ...['--engine', engine, '--kernel', kernel, '--timeout', '1800', '--'],
  ...command,
];

const onNode = (node: number): Place => ({
  name: `Node ${node}`,
  node,
  suites: [
    { name: SUITES.unit, command: ['node_modules/.bin/mocha', '--reporter', 'dot'] },
    { name: SUITES.kernel, command: inVm('uml', '6.1', ...MOCHA, ...KERNEL_TESTS) },
  ],
});

const onKernel = (engine: string, kernel: string): Place => ({
  name: `${engine} ${kernel}`,
  suites: [
    { name: SUITES.kernel, command: inVm(engine, kernel, ...MOCHA, ...KERNEL_TESTS) },
    { name: SUITES.conformance, command: inVm(engine, kernel, ...MOCHA, CONFORMANCE_TESTS) },
    {
      name: SUITES.ipvsadm,
      command: ['scripts/test-ipvsadm', '--count', SAMPLE, '--engine', engine, '--kernel', kernel],
    },
  ],
});

/** All places: Node's release lines, and the kernels that test-vm has. */
export const PLACES: readonly Place[] = [
  ...[20, 22, 24, 26].map(onNode),
  ...['5.10', '6.1', '6.12', '7.2'].map((kernel) => onKernel('uml', kernel)),
  onKernel('qemu', '6.1'),
];
