/** The manual page and the completions, as the programs that they are for see them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { COMMAND_ENTRIES, spellings } from '../../dist/manual/vocabulary.js';
import { usage } from '../../dist/ipvsadm/language/usage.js';

const FILES = fileURLToPath(new URL('../..', import.meta.url));
const MAN_PAGE = `${FILES}man/ipvs-ts.8`;

const TERMINAL = fileURLToPath(new URL('../../test/manual/complete-in-zsh', import.meta.url));

/** What the help text does not list. */
const UNLISTED = ['--version', '-v', '-X'];

const DAEMON_OPTIONS = [
  ...['--mcast-group', '--mcast-interface', '--mcast-port', '--mcast-ttl', '--sync-maxlen', '--syncid'],
];

const PLAN_OPTIONS = [
  ...['--drain', '--file', '--from-rules', '--help', '--json', '--keep-weights', '--max-bytes', '--prune'],
];

describe('the manual page', function () {
  this.timeout(60_000);

  it('has no faults', () => {
    expect(run('mandoc', '-Tlint', MAN_PAGE)).to.equal('');
    // What man prints besides the page.
    for (const locale of ['C', 'C.UTF-8']) {
      const script = `LC_ALL=${locale} man --warnings --local-file "$0" 2>&1 >/dev/null`;
      expect(run('bash', '-c', script, MAN_PAGE)).to.equal('');
    }
  });
  it('reads as text', () => {
    const text = run('env', 'LC_ALL=C.UTF-8', 'man', '--local-file', MAN_PAGE);
    expect(text).to.match(/ipvs-ts . manage the Linux IP virtual server/);
    expect(text).to.contain('-w, --weight weight');
    expect(text).to.contain('--set tcp tcpfin udp');
  });
});

describe('completions', function () {
  // Each word is asked of a shell on a terminal, which takes its time on a slow machine.
  this.timeout(600_000);
  let helped: string[];

  before(() => {
    const text = usage('ipvs-ts');
    // An option stands at the beginning of its line: a long name, then letters, each behind blanks or a bar.
    const rows = text.slice(text.indexOf('Commands:')).matchAll(/^ {2}(--[\w-]+)((?:[ |]+-\w(?![\w-]))*)/gm);
    helped = [...rows].flatMap(([, name = '', letters = '']) => [name, ...(letters.match(/-\w/g) ?? [])]);
  });

  it('are for the options of the help text', () => {
    const some = [
      '--add-service',
      '-A',
      '-L',
      '-l',
      '--tcp-service',
      '-t',
      '-p',
      '-b',
      '--sort',
      '--mcast-ttl',
    ];
    expect(helped).to.include.members(some);
    expect(helped).to.have.length.above(70);
  });
  it('in bash: the options of the help text', () => {
    const commands = bash('-');
    const all = [
      ...commands,
      ...commands.flatMap((command) => bash(command, ...(stateOf(command) ? ['master'] : []), '-')),
    ];
    expect(sorted(all)).to.deep.equal(sorted([...helped, ...UNLISTED]));
  });
  it('in bash: what goes with a command, and values', () => {
    expect(bash('--start-daemon', 'master', '--')).to.deep.equal(DAEMON_OPTIONS);
    expect(bash('--start-daemon', '')).to.deep.equal(['backup', 'master']);
    expect(bash('-A', '-t', '10.0.0.1:80', '-s', 'w')).to.deep.equal(['wlc', 'wrr']);
    expect(bash('-l', '--per')).to.deep.equal(['--persistent-conn']);
    expect(bash('-A', '-t', '')).to.deep.equal([]);
    expect(bash('-A', '-p', '--sch')).to.deep.equal(['--sched-flags', '--scheduler']);
  });
  it('in bash: subcommands', () => {
    expect(bash('')).to.include.members(['apply', 'export', 'help', 'plan']);
    expect(bash('pl')).to.deep.equal(['plan']);
    expect(bash('plan', '--')).to.deep.equal(PLAN_OPTIONS);
    expect(bash('plan', '--prune', '')).to.deep.equal(['all', 'destinations', 'none']);
    expect(bash('apply', '-y', '--prune', 'n')).to.deep.equal(['none']);
    expect(bash('export', '-o', 'j')).to.deep.equal(['json']);
    expect(bash('plan', '-f', '/etc/passw')).to.include('/etc/passwd');
    expect(bash('help', 'expo')).to.deep.equal(['export']);
  });
  it('in fish', () => {
    const fish = (line: string): string[] => {
      const script = `source ${FILES}completions/ipvs-ts.fish; complete -C "ipvs-ts ${line}"`;
      return lines(run('fish', '--no-config', '-c', script)).map((text) => text.split('\t')[0] ?? '');
    };
    const long = (words: readonly string[]): string[] => words.filter((word) => word.startsWith('--'));
    const commands = long(fish('-'));
    const all = [...commands, ...commands.flatMap((command) => fish(`${command} ${stateOf(command)}--`))];
    expect(sorted(all)).to.deep.equal(sorted([...long(helped), '--version']));
    expect(fish('--start-daemon master --')).to.deep.equal(DAEMON_OPTIONS);
    expect(fish('-A -t 10.0.0.1:80 -s w')).to.deep.equal(['wlc', 'wrr']);
    expect(fish('--add')).to.deep.equal(['--add-server', '--add-service']);
    expect(fish('')).to.include.members(['apply', 'export', 'help', 'plan']);
    expect(fish('plan --')).to.deep.equal(PLAN_OPTIONS);
    expect(fish('plan --prune ')).to.deep.equal(['all', 'destinations', 'none']);
    expect(fish('plan -f /etc/passw')).to.include('/etc/passwd');
    expect(fish('help expo')).to.deep.equal(['export']);
  });
  it('in zsh', () => {
    const zsh = (line: string): string[] =>
      lines(run('zsh', '-f', TERMINAL, `${FILES}completions`, `ipvs-ts ${line}`));
    const expected = COMMAND_ENTRIES.flatMap(spellings);
    expect(zsh('-')).to.deep.equal(sorted(expected));
    expect(zsh('--start-daemon master --')).to.deep.equal(DAEMON_OPTIONS);
    expect(zsh('-A -t 10.0.0.1:80 -s w')).to.deep.equal(['wlc', 'wrr']);
    expect(zsh('-l --per')).to.deep.equal(['--persistent-conn']);
    expect(zsh('')).to.include.members(['apply', 'export', 'help', 'plan']);
    expect(zsh('plan --')).to.deep.equal(PLAN_OPTIONS);
    expect(zsh('plan --prune ')).to.deep.equal(['all', 'destinations', 'none']);
    expect(zsh('plan -f /etc/passw')).to.include('passwd');
    expect(zsh('help expo')).to.deep.equal(['export']);
  });

  describe('of the live table', () => {
    const KEYS = ['fwmark6:7', 'fwmark:8', 'sctp:192.0.2.1:9', 'tcp:192.0.2.1:80', 'udp:[fd00::1]:53'];
    let directory: string;
    let path: string | undefined;

    before(() => {
      directory = mkdtempSync(join(tmpdir(), 'ipvs-ts-complete-'));
      const rules = [
        '-A -t 192.0.2.1:80 -s rr',
        '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1',
        '-a -t 192.0.2.1:80 -r [fd00::2]:80 -i -w 1 --tun-type ipip',
        '-A -u [fd00::1]:53 -s rr -p 300',
        '-a -u [fd00::1]:53 -r [fd00::3]:53 -m -w 1',
        '-A --sctp-service 192.0.2.1:9 -s rr',
        '-A -f 7 -6 -s rr',
        '-A -f 8 -s rr',
        '-a -f 8 -r 10.0.0.9:0 -g -w 0',
      ];
      writeFileSync(join(directory, 'ipvs-ts'), `#!/bin/sh\ncat <<'E'\n${rules.join('\n')}\nE\n`, {
        mode: 0o755,
      });
      path = process.env['PATH'];
      process.env['PATH'] = `${directory}:${path ?? ''}`;
    });
    after(() => {
      process.env['PATH'] = path;
      rmSync(directory, { recursive: true });
    });

    /** As a person types it: bash itself cuts the line at colons. */
    function typed(line: string): string[] {
      const complete =
        'COMP_LINE=$1 COMP_POINT=${#1}; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); [[ $1 == *" " ]] && { COMP_WORDS+=(""); ((++COMP_CWORD)); }; _ipvs_ts; printf "%s\\n" "${COMPREPLY[@]}"';
      return lines(run('bash', '-c', `source "$0"; ${complete}`, `${FILES}completions/ipvs-ts.bash`, line));
    }

    it('in bash', () => {
      expect(typed('ipvs-ts watch ')).to.include.members(KEYS);
      expect(typed('ipvs-ts drain ')).to.include.members(KEYS);
      expect(typed('ipvs-ts doctor fw')).to.deep.equal(['fwmark6:7', 'fwmark:8']);
      // Before the last colon nothing is replaced.
      expect(typed('ipvs-ts drain tcp:192')).to.deep.equal(['192.0.2.1:80']);
      expect(typed('ipvs-ts top udp:[')).to.deep.equal(['[fd00::1]:53']);
      expect(typed('ipvs-ts drain tcp:192.0.2.1:80 10')).to.deep.equal(['10.0.0.1:80']);
      expect(typed('ipvs-ts drain --keep tcp:192.0.2.1:80 [')).to.deep.equal(['[fd00::2]:80']);
      expect(typed('ipvs-ts drain fwmark:8 ')).to.include('10.0.0.9:0').and.not.include('fwmark:8');
      expect(typed('ipvs-ts plan ')).not.to.include.members(KEYS);
    });
    it('in fish', () => {
      const fish = (line: string): string[] => {
        const script = `source ${FILES}completions/ipvs-ts.fish; complete -C "ipvs-ts ${line}"`;
        return lines(run('fish', '--no-config', '-c', script)).map((text) => text.split('\t')[0] ?? '');
      };
      expect(fish('watch ')).to.include.members(KEYS);
      expect(fish('drain tcp:')).to.deep.equal(['tcp:192.0.2.1:80']);
      expect(fish('drain tcp:192.0.2.1:80 10')).to.deep.equal(['10.0.0.1:80']);
      expect(fish('drain fwmark:8 ')).to.deep.equal(['10.0.0.9:0']);
    });
    it('in zsh', () => {
      const zsh = (line: string): string[] =>
        lines(run('zsh', '-f', TERMINAL, `${FILES}completions`, `ipvs-ts ${line}`));
      expect(zsh('watch ')).to.include.members(KEYS);
      expect(zsh('drain ')).to.include.members(KEYS);
      expect(zsh('drain tcp:192.0.2.1:80 10').join()).to.include('10.0.0.1:80');
    });
  });

  function bash(...given: readonly string[]): string[] {
    const complete = 'COMP_WORDS=(ipvs-ts "$@"); COMP_CWORD=$#; _ipvs_ts; printf "%s\\n" "${COMPREPLY[@]}"';
    return lines(run('bash', '-c', `source "$0"; ${complete}`, `${FILES}completions/ipvs-ts.bash`, ...given));
  }
});

/** The argument without which a command's options cannot follow. */
function stateOf(command: string): string {
  return command.endsWith('-daemon') ? 'master ' : '';
}

/** What a command writes to either stream. */
function run(command: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout + stderr : `${stdout}${stderr}exit status ${String(status)}`;
}

function lines(text: string): string[] {
  return sorted(text.split('\n').filter((line) => line !== ''));
}

function sorted(items: readonly string[]): string[] {
  return [...new Set(items)].sort();
}
