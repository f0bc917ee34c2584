/**
 * The parts of `npm test`, in the order in which they start: first those that take less than a minute, then the
 * longest, so that no long one remains at the end. `seconds`: duration on two idle cores.
 */
import { release } from 'node:os';

/** Seconds without output after which a guest is ended; the run itself waits a little longer for its message. */
const GUEST_SILENCE = 900;

/** Time limit of a single test: less than that, so that mocha can name the test. */
const PATIENCE = 850;

const REPORTER = 'scripts/lib/mocha-progress.cjs';

/** The settings of all mocha runs, also of parts that start mocha themselves. */
export const ENVIRONMENT = {
  IPVS_TS_PATIENCE: String(PATIENCE),
  IPVS_TS_REPORTER: new URL('mocha-progress.cjs', import.meta.url).pathname,
};

const MOCHA = ['node_modules/.bin/mocha', '--no-config', '--reporter', REPORTER, '--timeout', '120000'];
const CI = process.env['CI'] === undefined ? [] : ['--env', `CI=${process.env['CI']}`];

/**
 * @param {boolean} ownKernel whether all runs on this machine's own kernel, once
 * @returns {import('./run-parts.js').Part[]}
 */
export function parts(ownKernel) {
  const host = `this machine, ${release()}`;
  const where = ownKernel ? host : 'uml 6.1';
  const vm = ownKernel ? ['--engine', 'host'] : ['--engine', 'uml', '--kernel', '6.1'];

  const onHost = (name, seconds, ...command) => ({ name, kernel: host, seconds, command });
  /** A part that runs on the default kernel, by a script that takes the options of test-vm/run. */
  const byScript = (name, seconds, ...command) => ({
    name,
    kernel: where,
    seconds,
    command: [...command, ...vm],
  });
  const inVm = (engine, kernel, ...command) => [
    ...['test-vm/run', '--engine', engine, ...(kernel === undefined ? [] : ['--kernel', kernel])],
    ...['--silence', String(GUEST_SILENCE), ...CI, '--', ...command],
  ];
  const here = (name, seconds, ...command) => ({
    name,
    kernel: where,
    seconds,
    command: ownKernel ? inVm('host', undefined, ...command) : inVm('uml', '6.1', ...command),
  });
  const on = (engine, kernel, name, seconds, ...command) => ({
    name,
    kernel: `${engine} ${kernel}`,
    seconds,
    command: inVm(engine, kernel, ...command),
  });
  // The seed is fixed, so that a push does not fail by chance. New seeds are tried by hand.
  const ipvsadm = ['scripts/test-ipvsadm', '--seed', '4711'];
  const only = (...names) => names.flatMap((name) => ['--only', name]);
  const kernelTests = (...names) => names.map((name) => `packages/ipvs/dist-test/kernel/${name}.test.js`);
  const conformance = 'packages/ipvs/dist-test/conformance/*-kernel.test.js';

  return [
    { ...onHost('types and build', 60, 'npm', 'run', '--silent', 'build'), first: true },
    onHost('format', 25, 'node_modules/.bin/prettier', '--check', '--log-level', 'warn', '.'),
    onHost('unit tests', 200, 'node_modules/.bin/mocha', '--reporter', REPORTER),
    onHost('lint', 75, 'node_modules/.bin/eslint', '.'),
    onHost('fuzzing of the decoder', 30, 'node', 'packages/ipvs/dist-test/fuzz/main.js', '--cases', '150000'),
    byScript('what README and docs show', 360, 'scripts/test-docs'),
    byScript('ipvs-ts beside ipvsadm: commands', 135, ...ipvsadm, ...only('comparison', 'random-commands')),
    ...(ownKernel
      ? []
      : [
          on(
            ...['qemu', '6.1', 'the library on a stock SMP kernel', 150, ...MOCHA],
            ...kernelTests('verbs', 'batch', 'reading', 'faults', 'event-loop'),
          ),
        ]),
    byScript(
      ...['ipvs-ts beside ipvsadm: tables and programs', 75, ...ipvsadm],
      ...only('random-tables', 'round-trips', 'counters', 'program', 'clients', 'keepalived', 'manual'),
    ),
    byScript('files of keepalived and ldirectord beside the programs', 100, ...ipvsadm, ...only('import')),
    here('the library on a real kernel', 90, ...MOCHA, 'packages/ipvs/dist-test/kernel/*.test.js'),
    here('subcommands of ipvs-ts', 300, ...MOCHA, 'packages/cli/dist-test/subcommands/*.test.js'),
    here('drain, watch and top on a terminal', 75, ...MOCHA, 'packages/cli/dist-test/terminal/*.test.js'),
    onHost('fleets on etcd', 100, 'scripts/test-fleet'),
    here(
      ...['drains under load lose nothing', 40, 'node', 'test-vm/dist/e2e.js'],
      ...['load/deleted', 'load/careless', 'load/plan'],
    ),
    byScript('a fleet under load while its store fails', 60, 'scripts/test-e2e', 'fleet'),
    byScript('packets in every mode, and the doctor', 150, 'scripts/test-e2e', '--quick', '--jobs', '3'),
    byScript(
      ...['the agent beside keepalived, and under chaos', 170, 'scripts/test-e2e', '--jobs', '3'],
      ...['agent/keepalived', 'agent/program', 'agent/short-chaos'],
    ),
    byScript('test-vm/run itself', 110, 'test-vm/test'),
    onHost('the live page in a browser', 75, 'scripts/test-page'),
    onHost('metrics as Prometheus and promtool read them', 70, 'scripts/test-metrics'),
    byScript('the demo', 45, 'scripts/demo'),
    here('conformance of kernel and test double', 40, ...MOCHA, conformance),
    ...(ownKernel ? [] : ['5.10', '6.12', '7.2']).flatMap((kernel) => [
      on('uml', kernel, 'conformance of kernel and test double', 40, ...MOCHA, conformance),
      on(
        'uml',
        kernel,
        'the library on another kernel',
        40,
        ...MOCHA,
        ...kernelTests('verbs', 'batch', 'reading'),
      ),
    ]),
    onHost('instructions of the everyday work', 130, 'scripts/test-instructions'),
    onHost('packages as they would be published', 100, ...MOCHA, 'test/dist/packages/*.test.js'),
    onHost('the Vagrantfile', 20, 'scripts/test-vagrant', '--validate'),
  ];
}
