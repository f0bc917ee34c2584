import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentKeeper, agentOf, SERVICE, weightsOf } from '../table-keepers.js';
import { Clock } from '../clock.js';
import type { Lab, Scenario } from '../lab.js';
import { loadIpvs, unloadIpvs } from '../modules.js';
import type { Namespace } from '../namespace.js';
import { poll } from '../poll.js';
import { runProgram, tryProgram } from '../run-program.js';

const [ONE, TWO] = ['10.0.0.11:80', '10.0.0.12:80'] as const;
const BOTH = { [ONE]: 100, [TWO]: 100 };
const FIRST_ONLY = { [ONE]: 100, [TWO]: 0 };

const DOCUMENT = {
  services: {
    [SERVICE]: {
      scheduler: 'wlc',
      check: { http: {}, interval: '1s', failingInterval: '500ms', timeout: '500ms', fall: 2, rise: 1 },
      destinations: Object.fromEntries([ONE, TWO].map((name) => [name, { forwarding: 'masq', weight: 100 }])),
    },
  },
};

/** An agent with two servers that work, its log, and the second server. */
interface Stage {
  readonly agent: AgentKeeper;
  readonly director: Namespace;
  /** Waits until the log has a text, and reports whether it came. */
  logged(claim: string, text: string): Promise<void>;
  /** Waits until the table has these weights, and reports whether it has. */
  weights(claim: string, wanted: Readonly<Record<string, number>>): Promise<void>;
  /** Kills the agent, starts another, and waits until that answers and several rounds of checks have run. */
  restart(): Promise<void>;
  stopTwo(): Promise<void>;
  startTwo(): Promise<void>;
}

async function build(lab: Lab, prepare?: (directory: string) => Promise<void>): Promise<Stage> {
  const hosts = await lab.build({
    hosts: {
      one: { interfaces: { eth0: ['10.0.0.11/24'] } },
      two: { interfaces: { eth0: ['10.0.0.12/24'] } },
      director: { interfaces: { eth0: ['10.0.0.1/24'] } },
    },
    networks: { servers: ['one/eth0', 'two/eth0', 'director/eth0'] },
  });
  const log: string[] = [];
  const agent = await agentOf(lab, hosts.director, DOCUMENT, {
    heard: (line) => log.push(line),
    ...(prepare && { prepare }),
  });
  await lab.serve(hosts.one, 'one');
  let stop = await lab.serve(hosts.two, 'two');
  const stage: Stage = {
    agent,
    director: hosts.director,
    logged: async (claim, text) => {
      const has = await poll(
        async () => log.some((line) => line.includes(text)),
        (found) => found,
        { limit: 300_000 },
      );
      lab.report.check(claim, has, log.slice(-10));
    },
    weights: async (claim, wanted) => {
      const text = JSON.stringify(wanted);
      const seen = await poll(
        () => weightsOf(agent.ipvs),
        (found) => JSON.stringify(found) === text,
        { limit: 300_000 },
      );
      lab.report.equal(claim, seen, wanted);
    },
    restart: async () => {
      await agent.crash();
      await agent.start();
      const answer = await poll(
        () => agent.ask('status'),
        ({ status }) => status !== 1,
        { limit: 300_000 },
      );
      if (answer.status === 1) throw new Error(`the agent does not answer: ${answer.stderr}`);
      await rounds();
    },
    stopTwo: () => stop(),
    startTwo: async () => {
      stop = await lab.serve(hosts.two, 'two');
    },
  };
  await agent.start();
  await stage.weights('both servers are in service', BOTH);
  return stage;
}

/** Waits so long that several rounds of checks have run. */
const rounds = (): Promise<void> => delay(5000);

/** A small file system of its own for a directory of the agent. */
const mounted =
  (lab: Lab, ...options: readonly string[]) =>
  async (directory: string): Promise<void> => {
    await runProgram(['mount', '-t', 'tmpfs', '-o', options.join(','), 'tmpfs', directory]);
    lab.cleanup.add(`file system of ${directory}`, () =>
      runProgram(['umount', '-l', directory]).then(() => undefined),
    );
  };

/** What goes wrong on the host of an agent: it is reported, it is survived, and nothing wrong is done. */
export const agentFaultScenarios: readonly Scenario[] = [
  {
    name: 'agent/no-descriptors',
    title: 'the agent has no descriptor left: no verdict, no change, and a warning',
    run: async (lab) => {
      const stage = await build(lab);
      const pid = String(stage.agent.pid());
      const open = readdirSync(`/proc/${pid}/fd`).length;
      await runProgram(['prlimit', '--pid', pid, '--nofile=3:4096']);
      await stage.stopTwo();
      await stage.logged('the log says so', 'no descriptor left');
      await rounds();
      lab.report.equal('nothing is taken out', await weightsOf(stage.agent.ipvs), BOTH);
      await runProgram(['prlimit', '--pid', pid, '--nofile=4096:4096']);
      await stage.weights('with descriptors the dead server is found', FIRST_ONLY);
      await stage.logged('the log says that checks have verdicts again', 'checks have verdicts again');
      const status = await stage.agent.ask('status');
      lab.report.check('status answers', status.stdout.includes('down'), status);
      await rounds();
      const left = readdirSync(`/proc/${pid}/fd`).length;
      lab.report.check('no descriptor is lost', left <= open + 5, { open, left });
    },
  },
  {
    name: 'agent/full-disk',
    title: 'the runtime and state directories are full: reported, verdicts go on, a crash then loses nothing',
    run: async (lab) => {
      let folder = '';
      const mount = mounted(lab, 'size=512k');
      const stage = await build(lab, async (directory) => {
        folder = directory;
        await mount(directory);
      });
      await tryProgram(['dd', 'if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=4k']);
      await stage.stopTwo();
      await stage.weights('a dead server is taken out', FIRST_ONLY);
      await stage.logged('the log says that there is no space', 'ENOSPC');
      await tryProgram(['dd', 'if=/dev/zero', `of=${join(folder, 'more')}`, 'bs=4k']);
      await stage.restart();
      lab.report.equal('after a crash the table is the same', await weightsOf(stage.agent.ipvs), FIRST_ONLY);
      await stage.startTwo();
      await stage.weights('and a server that is back gets its weight', BOTH);
      await runProgram(['rm', join(folder, 'filler'), join(folder, 'more')]);
      await stage.logged('the log says that there is space again', 'can be written again');
    },
  },
  {
    name: 'agent/read-only-state',
    title: 'the state directory cannot be written: reported, and everything but its memory works',
    run: async (lab) => {
      let folder = '';
      const stage = await build(lab, async (directory) => {
        folder = join(directory, 'state');
        await runProgram(['mkdir', folder]);
        await mounted(lab, 'size=512k')(folder);
      });
      await runProgram(['mount', '-o', 'remount,ro', folder]);
      const started = await stage.agent.ask('maintenance', 'start', SERVICE, TWO, '--now');
      lab.report.equal('maintenance starts', started.status, 0);
      await stage.weights('and takes the server out', FIRST_ONLY);
      await stage.logged('the log says that it is not kept', 'EROFS');
      await stage.agent.ask('maintenance', 'end', SERVICE, TWO);
      await stage.weights('it ends', BOTH);
      await stage.stopTwo();
      await stage.weights('verdicts go on', FIRST_ONLY);
      await runProgram(['mount', '-o', 'remount,rw', folder]);
      await stage.logged('the log says that it can be written again', 'can be written again');
      await runProgram(['mount', '-o', 'remount,ro', folder]);
      await stage.restart();
      lab.report.equal('after a crash the table is the same', await weightsOf(stage.agent.ipvs), FIRST_ONLY);
      await stage.startTwo();
      await stage.weights('and a server that is back gets its weight', BOTH);
    },
  },
  {
    name: 'agent/clock',
    title: 'the clock jumps by days, both ways: nothing ends, nothing falls, verdicts come',
    alone: true,
    run: async (lab) => {
      const stage = await build(lab);
      const clock = new Clock(lab.cleanup);
      await stage.agent.ask('maintenance', 'start', SERVICE, TWO, '--now', '--for', '30m');
      await stage.weights('a server is in maintenance for half an hour', FIRST_ONLY);
      for (const [jump, claim] of [
        ['+2 days', 'forward'],
        ['-5 days', 'back'],
      ] as const) {
        await clock.jump(jump);
        await rounds();
        const list = await stage.agent.ask('maintenance', 'list');
        lab.report.check(`${claim}: the maintenance goes on`, list.stdout.includes(TWO), list);
        await stage.restart();
        const after = await stage.agent.ask('maintenance', 'list');
        lab.report.check(`${claim}: also over a crash`, after.stdout.includes(TWO), after);
        lab.report.equal(`${claim}: the table is the same`, await weightsOf(stage.agent.ipvs), FIRST_ONLY);
      }
      await stage.agent.ask('maintenance', 'end', SERVICE, TWO);
      await stage.weights('it ends by command', BOTH);
      await stage.stopTwo();
      await clock.jump('+1 hour');
      await stage.weights('a dead server is found', FIRST_ONLY);
      await stage.startTwo();
      await clock.jump('-3 hours');
      await stage.weights('and comes back', BOTH);
    },
  },
  {
    name: 'agent/module',
    title: 'the module is unloaded and loaded again: not fit meanwhile, then everything is back',
    alone: true,
    needs: 'own-kernel',
    run: async (lab) => {
      const stage = await build(lab);
      await stage.stopTwo();
      await stage.weights('a dead server is out', FIRST_ONLY);
      // What holds a service holds the module. The agent restores what is cleared at its next look only.
      await stage.director.exec('ipvsadm', '-C');
      await unloadIpvs();
      lab.cleanup.add('module', () => loadIpvs());
      await stage.weights('where the kernel may load it, it is back by itself', FIRST_ONLY);

      const loader = '/proc/sys/kernel/modprobe';
      const program = readFileSync(loader, 'utf8').trim();
      lab.cleanup.add('loader of modules', async () => writeFileSync(loader, program));
      writeFileSync(loader, '/nonexistent');
      await stage.director.exec('ipvsadm', '-C');
      await unloadIpvs();
      await stage.logged(
        'where it may not, the log says that the table cannot be read',
        'cannot read the table',
      );
      const without = await stage.agent.ask('status');
      lab.report.equal('the director is not fit', without.status, 2);
      writeFileSync(loader, program);
      await loadIpvs();
      await stage.logged('the log says that it can be read again', 'the table can be read again');
      await stage.weights('the table is back, without the dead server', FIRST_ONLY);

      writeFileSync(loader, '/nonexistent');
      await stage.director.exec('ipvsadm', '-C');
      await unloadIpvs();
      await stage.agent.crash();
      writeFileSync(loader, program);
      await stage.agent.start();
      await stage.weights('an agent that starts without the module has the kernel load it', FIRST_ONLY);
      await stage.startTwo();
      await stage.weights('and verdicts change it', BOTH);
    },
  },
  {
    name: 'agent/namespace',
    title:
      'the namespace is deleted and made again: not fit meanwhile, then its new table is kept; one agent each',
    run: async (lab) => {
      const { report } = lab;
      const hosts = await lab.build({
        hosts: { outside: { interfaces: {} }, director: { interfaces: {} } },
        networks: {},
      });
      const { outside, director } = hosts;
      const document = { services: { [SERVICE]: { destinations: { [ONE]: { weight: 7 } } } } };
      const log: string[] = [];
      const agent = await agentOf(lab, outside, document, {
        heard: (line) => log.push(line),
        words: ['--netns', director.path],
      });
      const seen = async (claim: string): Promise<void> => {
        const table = await poll(
          async () => (await director.try(['ipvsadm', '-Sn'])).stdout,
          (text) => text.includes(ONE),
          { limit: 300_000 },
        );
        report.check(claim, table.includes('-w 7'), table);
      };
      await agent.start();
      await seen('an agent outside keeps the table of a namespace');
      const rival = ['ipvs-ts', 'agent', '-f', '/dev/null', '--runtime-dir', '/tmp/rival'];
      const second = await director.try(rival);
      report.check('no other keeps it from inside', second.stderr.includes('another agent'), second);
      for (const [option, directory, other] of [
        ['--runtime-dir', 'run', '--state-dir'],
        ['--state-dir', 'state', '--runtime-dir'],
      ] as const) {
        const shared = join(agent.directory, directory);
        const words = ['--socket', '/tmp/rival.sock', option, shared, other, '/tmp/rival'];
        const rejected = await outside.try(['ipvs-ts', 'agent', '-f', '/dev/null', ...words]);
        report.equal(`nor does one of another namespace share its ${option}`, rejected.status, 1);
        report.check(
          'and it says what to do',
          rejected.stderr.includes(`${shared}; stop it first`),
          rejected,
        );
      }
      const plan = JSON.stringify({ services: { 'tcp:192.0.2.9:9': {}, [SERVICE]: { scheduler: 'rr' } } });
      const apply = ['ipvs-ts', 'apply', '-f', '-', '--socket', join(agent.directory, 'run', 'agent.sock')];
      const elsewhere = await outside.try(apply, { input: plan });
      report.equal('apply in another namespace is not refused', elsewhere.status, 0);
      const inside = await director.try(apply, { input: plan });
      report.check('apply in this one is', inside.stderr.includes('keeps'), inside);

      await runProgram(['ip', 'netns', 'delete', director.name]);
      const gone = await poll(
        () => agent.ask('status'),
        ({ status }) => status === 2,
        { limit: 300_000 },
      );
      report.check('without the namespace the director is not fit', gone.stdout.includes('namespace'), gone);
      await runProgram(['ip', 'netns', 'add', director.name]);
      await runProgram(['ip', '-n', director.name, 'link', 'set', 'lo', 'up']);
      await seen('the table of the new one is kept');
      const fit = await poll(
        () => agent.ask('status'),
        ({ status }) => status === 0,
        { limit: 300_000 },
      );
      report.equal('and the director is fit', fit.status, 0);
      const third = await director.try(rival);
      report.check('no other keeps that one either', third.stderr.includes('another agent'), third);
    },
  },
];
