/** The order of listings. */
import type { Group } from '../case.js';

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    yield state >>> 8;
  }
}

function address(source: Generator<number, never>): string {
  const part = (): number => source.next().value % 256;
  const first = [10, 127, 128, 172, 192, 1, 223, 100][source.next().value % 8] ?? 10;
  return `${first}.${part()}.${part()}.${part()}`;
}

function address6(source: Generator<number, never>): string {
  const part = (): string => (source.next().value % 65536).toString(16);
  const first = ['2001', 'fd00', '7fff', '8000', 'a000', '64'][source.next().value % 6] ?? 'fd00';
  return `${first}:${part()}::${part()}:${part()}`;
}

function servers(count: number, seed: number): string {
  const source = numbers(seed);
  const rules = ['-A -t 10.0.0.1:80 -s rr'];
  const seen = new Set<string>();
  while (rules.length <= count) {
    const server = `${address(source)}:${source.next().value % 3}`;
    if (seen.has(server)) continue;
    seen.add(server);
    rules.push(`-a -t 10.0.0.1:80 -r ${server} -m`);
  }
  return rules.join('\n');
}

function mixedServers(count: number, seed: number): string {
  const source = numbers(seed);
  const rules = ['-A -t [fd00::1]:80 -s rr'];
  for (let index = 0; index < count; index++) {
    const server = index % 2 === 0 ? address(source) : address6(source);
    rules.push(`-a -t [fd00::1]:80 -r ${server} -i`);
  }
  return rules.join('\n');
}

/** Far-apart addresses have no order of their own and the dump's differs; these lie close enough to have one. */
const ORDERED = [
  ...[9, 80, 443, 65535, 1].map((port) => `-A -t 10.0.0.5:${port}`),
  ...[9, 80].map((port) => `-A -u 10.0.0.5:${port}`),
  ...[3, 200, 7, 100].map((last) => `-A -t 10.0.0.${last}:80`),
  ...[5, 1, 1000, 70000].map((mark) => `-A -f ${mark}`),
  ...[5, 2].map((mark) => `-A -f ${mark} -6`),
  ...['fd00::2', 'fd00::1', 'fd00::1:0:0:1', 'fd00:1::'].map((text) => `-A -t [${text}]:80`),
  '-A --sctp-service 10.0.0.5:80',
  '-A -u [fd00::1]:80',
  '-A -t 127.255.255.255:80',
].join('\n');

const VIEWS = ['-ln', '-Sn', '-ln --nosort', '-ln -t 10.0.0.1:80', '-ln -t 10.0.0.1:80 --nosort'];
const VIEWS6 = ['-ln', '-Sn', '-ln --nosort', '-ln -t [fd00::1]:80 --nosort', '-ln --stats'];

/** Services and destinations in order. */
export const SORTING: readonly Group[] = [
  { name: 'order of services', rules: ORDERED, cases: ['-ln', '-Sn', '-ln --rate'] },
  ...[3, 8, 17, 40, 64].map((count): Group => ({
    name: `order of ${count} real servers`,
    rules: servers(count, count),
    cases: VIEWS,
  })),
  ...[5, 16, 31].map((count): Group => ({
    name: `order of ${count} real servers of both families`,
    rules: mixedServers(count, count),
    cases: VIEWS6,
  })),
];
