/** The help text, generated from the tables, and the version line. */
import { COMMANDS, type Command } from './commands.js';
import { OPTIONS, type HelpSection, type Option } from './options.js';

/** The version line. Scripts parse it, so it has the version numbers of ipvsadm. */
export function versionLine(ipvsVersion: string): string {
  return `ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v${ipvsVersion})\n`;
}

const SYNOPSES = [
  '-A|E virtual-service [-s scheduler] [-p [timeout]] [-M netmask] [--pe persistence_engine] [-b sched-flags]',
  '-D virtual-service',
  '-C',
  '-R',
  '-S [-n]',
  '-a|e virtual-service -r server-address [options]',
  '-d virtual-service -r server-address',
  '-L|l [virtual-service] [options]',
  '-Z [virtual-service]',
  '--set tcp tcpfin udp',
  '--start-daemon {master|backup} [daemon-options]',
  '--stop-daemon {master|backup}',
  '-h',
];

/** The name with which the program mentions its subcommands; with any other name it behaves as ipvsadm. */
export const PROGRAM = 'ipvs-ts';

/** The help text, from `Usage:` on; `program` is the name in its usage lines. */
export function usage(program: string): string {
  return [
    'Usage:',
    ...SYNOPSES.map((synopsis) => `  ${program} ${synopsis}`),
    '',
    'Commands:',
    'Either long or short options are allowed.',
    ...COMMANDS.flatMap(commandLines),
    '',
    'virtual-service:',
    ...section('virtual-service'),
    '',
    'Options:',
    ...section('options'),
    'Daemon Options:',
    ...section('daemon'),
    ...(program === PROGRAM
      ? ['', `Subcommands, such as plan, apply, drain and doctor: ${PROGRAM} help`]
      : []),
    '',
  ].join('\n');
}

function commandLines({ long, shorts, operands, help }: Command): string[] {
  if (help === undefined) return [];
  const name = operands === undefined ? `--${long}` : `--${long} ${operands}`;
  const letters = shorts.map((letter) => `-${letter}`).join('|');
  return [`  ${`${name.padEnd(18)}${letters}`.padEnd(28)}${help}`];
}

function section(name: HelpSection): string[] {
  return OPTIONS.filter((option) => option.section === name).flatMap(optionLines);
}

function optionLines(option: Option): string[] {
  const [first = '', ...rest] = option.help;
  return [`  ${spelling(option).padEnd(36)}${first}`, ...rest.map((line) => ' '.repeat(38) + line)];
}

function spelling({ long, short, shortUnlisted, operand = '', section: where }: Option): string {
  const name = `--${long}`;
  if (where === 'daemon') return `${name} ${operand}`;
  if (where === 'virtual-service') {
    return `${(short === undefined ? name : `${name}|-${short}`).padEnd(17)} ${operand}`;
  }
  if (short === undefined || shortUnlisted) return `${name.padEnd(16)}${operand}`;
  return `${name.padEnd(15)}-${short} ${operand}`;
}
