// usage: node e2e.js [--quick] [--jobs N] [--list] [--skip NAME] [NAME…] — run scenarios on this kernel; NAME is the
// beginning of names.
import { parseArgs } from 'node:util';
import { runScenarios } from './run-scenarios.js';
import { SCENARIOS } from './scenarios.js';

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    jobs: { type: 'string' },
    skip: { type: 'string' },
    list: { type: 'boolean' },
  },
  allowPositionals: true,
});

const { skip } = values;
const scenarios = SCENARIOS.filter(({ name }) => skip === undefined || !name.startsWith(skip));

if (values.list === true) {
  process.stdout.write(SCENARIOS.map(({ name, title }) => `${name.padEnd(36)} ${title}\n`).join(''));
} else {
  process.exitCode = await runScenarios(scenarios, {
    only: positionals,
    quick: values.quick === true,
    jobs: Number(values.jobs ?? 5),
  });
}
